import { expect, test } from 'vitest'
import { Agreement, chosen } from '../src/scan/agree'
import { aimed } from '../src/scan/aim'
import { Cooldown } from '../src/scan/cooldown'
import { Pipeline, type Scanned } from '../src/scan/pipeline'

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

test('two frames must agree, three where the symbology is weak', () => {
  const agreement = new Agreement()
  const strong = { code: '4006381333931', symbology: 'EAN13' }
  const weak = { code: '96385074', symbology: 'ean_8' }
  expect([0, 40].map((at) => agreement.agrees(strong, at))).toEqual([false, true])
  expect([0, 40, 80].map((at) => agreement.agrees(weak, at))).toEqual([false, false, true])
  expect(agreement.agrees(strong, 9_000)).toBe(false)
})

test('what is wanted needs a frame less, and comes before all else in view', () => {
  const agreement = new Agreement()
  expect(agreement.agrees({ code: 'A-01-1', symbology: 'Code128' }, 0, true)).toBe(true)
  expect(agreement.agrees({ code: '96385074', symbology: 'ean_8' }, 0, true)).toBe(false)
  const seen = ['B', 'A'].map((code) => ({ code, symbology: 'Code128' }))
  expect(chosen(seen, (code) => code === 'A')?.code).toBe('A')
  expect(chosen(seen, () => false)?.code).toBe('B')
  expect(chosen([], () => true)).toBeUndefined()
})

test('only what the frame on the screen shows is read', () => {
  const area = aimed({ width: 1280, height: 720 }, { width: 400, height: 320 })
  expect(area).toEqual({ x: 298, y: 159, width: 684, height: 403 })
  expect(aimed({ width: 1280, height: 720 }, { width: 0, height: 0 })).toMatchObject({ width: 0 })
})

interface Heard {
  readonly pipeline: Pipeline
  readonly heard: string[]
  at: number
}
function hearing(): Heard {
  const heard: string[] = []
  const say = (what: string) => (scan: Scanned) => heard.push(`${what} ${scan.code}`)
  const fault = (code: string, scan: Scanned): void => void heard.push(`${code} ${scan.code.length}`)
  const found: Heard = { heard, at: 0, pipeline: new Pipeline({ again: say('again'), unheard: say('unheard'), fault }, () => found.at) }
  return found
}

test('only the screen that is open hears a scan', () => {
  const { pipeline, heard } = hearing()
  const listen = (name: string) => pipeline.listen((scan) => heard.push(`${name} ${scan.code}`), { expects: (code) => code === name })
  listen('tasks')
  const stop = listen('dialog')
  expect([pipeline.expects('tasks'), pipeline.expects(' dialog\n')]).toEqual([false, true])
  pipeline.read(' A \n', 'Code128', 'camera')
  stop()
  pipeline.read('B', 'Code128', 'camera')
  pipeline.read('\t', '', 'wedge')
  expect(heard).toEqual(['dialog A', 'tasks B'])
})

test('what is already counted, and what nobody asked for, is said', () => {
  const found = hearing()
  found.pipeline.read('X', '', 'wedge')
  found.pipeline.listen((scan) => found.heard.push(scan.code))
  found.pipeline.read('B', 'Code128', 'camera')
  found.at = 800
  found.pipeline.read('B', 'Code128', 'camera')
  expect(found.heard).toEqual(['unheard X', 'B', 'again B'])
})

test('a text that can be no code is refused, and what can be kept of it is', () => {
  const { pipeline, heard } = hearing()
  pipeline.listen(() => heard.push('never'), { faulty: (scan) => heard.push(scan.code) })
  pipeline.read('9'.repeat(4_000), '', 'wedge')
  pipeline.read('A\u0000B\u007f', '', 'wedge')
  expect(heard).toEqual(['code_too_long 512', '9'.repeat(512), 'code_unreadable 4', 'A\u2400B\ufffd'])
})

test('FNC1 is part of a code', () => {
  const { pipeline, heard } = hearing()
  pipeline.listen((scan) => heard.push(scan.code))
  pipeline.read('0104006381333931\u001d10L7', ']C1', 'wedge')
  expect(heard).toEqual(['0104006381333931\u001d10L7'])
})
