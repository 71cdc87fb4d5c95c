import { expect, test } from 'vitest'
import { Agreement } from '../src/scan/agree'
import { Cooldown } from '../src/scan/cooldown'
import { Pipeline, type Scanned } from '../src/scan/pipeline'
import { Wedge } from '../src/scan/wedge'

test('a label that stays before the camera counts once', () => {
  const cooldown = new Cooldown()
  expect(cooldown.see('A', 'camera', 0)).toBe('new')
  for (let at = 100; at < 5_000; at += 100) expect(cooldown.see('A', 'camera', at)).toBe('quiet')
  expect(cooldown.see('A', 'camera', 7_000)).toBe('new')
})

test('shown again too soon it is already counted, said once', () => {
  const cooldown = new Cooldown()
  cooldown.see('A', 'camera', 0)
  expect(cooldown.see('A', 'camera', 800)).toBe('again')
  expect(cooldown.see('A', 'camera', 1_600)).toBe('quiet')
})

test('the cool-down of one code holds no other up', () => {
  const cooldown = new Cooldown()
  cooldown.see('A', 'camera', 0)
  expect(cooldown.see('B', 'camera', 10)).toBe('new')
  expect(cooldown.see('A', 'camera', 20)).toBe('quiet')
})

test('a trigger pulled twice counts once, unless another code came between', () => {
  const cooldown = new Cooldown()
  cooldown.see('A', 'wedge', 0)
  expect(cooldown.see('A', 'wedge', 100)).toBe('again')
  expect(cooldown.see('B', 'wedge', 120)).toBe('new')
  expect(cooldown.see('A', 'wedge', 140)).toBe('new')
  expect(cooldown.see('A', 'wedge', 600)).toBe('new')
})

function type(wedge: Wedge, text: string, every: number): number {
  let at = 0
  for (let n = 1; n <= text.length; n += 1) wedge.changed(text.slice(0, n), (at = n * every))
  return at
}

test('a scanner ends with Enter', () => {
  const wedge = new Wedge()
  type(wedge, '4006381333931', 8)
  expect(wedge.ended()).toEqual({ code: '4006381333931', source: 'wedge' })
  expect(wedge.ended()).toBeUndefined()
})

test('a scanner without a suffix ends with silence, a person does not', () => {
  const scanner = new Wedge()
  const last = type(scanner, 'A-01-1', 10)
  expect(scanner.silent(last + 20)).toBeUndefined()
  expect(scanner.silent(last + Wedge.SILENCE_MS)).toEqual({ code: 'A-01-1', source: 'wedge' })
  const person = new Wedge()
  const done = type(person, 'A-01-1', 180)
  expect(person.silent(done + 2_000)).toBeUndefined()
  expect(person.ended()).toEqual({ code: 'A-01-1', source: 'typed' })
})

test('an input method that gives the whole text at once is a scanner', () => {
  const wedge = new Wedge()
  wedge.changed('A-01-1', 50)
  expect(wedge.ended()?.source).toBe('wedge')
})

test('two frames must agree, three where the symbology is weak', () => {
  const agreement = new Agreement()
  const strong = { code: '4006381333931', symbology: 'EAN13' }
  const weak = { code: '96385074', symbology: 'ean_8' }
  expect([0, 40].map((at) => agreement.agrees(strong, at))).toEqual([false, true])
  expect([0, 40, 80].map((at) => agreement.agrees(weak, at))).toEqual([false, false, true])
  expect(agreement.agrees(strong, 9_000)).toBe(false)
})

test('only the screen that is open hears a scan', () => {
  let at = 0
  let again = 0
  const pipeline = new Pipeline(() => (again += 1), () => at)
  const heard: string[] = []
  const listen = (name: string) => pipeline.listen((scan: Scanned) => heard.push(`${name} ${scan.code}`))
  listen('tasks')
  const stop = listen('dialog')
  pipeline.read(' A \n', 'Code128', 'camera')
  stop()
  pipeline.read('B', 'Code128', 'camera')
  pipeline.read('\t', '', 'wedge')
  at = 800
  pipeline.read('B', 'Code128', 'camera')
  expect(heard).toEqual(['dialog A', 'tasks B'])
  expect(again).toBe(1)
})
