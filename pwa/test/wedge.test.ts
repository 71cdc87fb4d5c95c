import { expect, test } from 'vitest'
import { PLAIN, SILENCE_MS, Wedge } from '../src/scan/wedge'

function type(wedge: Wedge, text: string, every: number, from = 0): number {
  let at = from
  const before = wedge.text
  for (let n = 1; n <= text.length; n += 1) wedge.changed(before + text.slice(0, n), (at += every))
  return at
}

test('a scanner ends with Enter', () => {
  const wedge = new Wedge()
  type(wedge, '4006381333931', 8)
  expect(wedge.ended()).toEqual([{ code: '4006381333931', source: 'wedge' }])
  expect(wedge.ended()).toEqual([])
})

test('a scanner without a suffix ends with silence, a person does not', () => {
  const scanner = new Wedge()
  const last = type(scanner, 'A-01-1', 10)
  expect(scanner.silent(last + 20)).toEqual([])
  expect(scanner.silent(last + SILENCE_MS)).toEqual([{ code: 'A-01-1', source: 'wedge' }])
  const person = new Wedge()
  const done = type(person, 'A-01-1', 180)
  expect(person.silent(done + 2_000)).toEqual([])
  expect(person.ended()).toEqual([{ code: 'A-01-1', source: 'typed' }])
})

test('who takes a letter back is a person, whose text waits for Enter', () => {
  const wedge = new Wedge()
  const last = type(wedge, 'A-01-12', 180)
  wedge.changed('A-01-1', last + 180)
  expect(wedge.silent(last + 2_000)).toEqual([])
  expect(wedge.ended()).toEqual([{ code: 'A-01-1', source: 'typed' }])
})

test('what a person left in the field does not spoil a scan', () => {
  const wedge = new Wedge()
  const left = type(wedge, 'A-0', 180)
  type(wedge, '4006381333931', 8, left + 5_000)
  expect(wedge.ended()).toEqual([{ code: '4006381333931', source: 'wedge' }])
})

test('an input method that gives the whole text at once is a scanner', () => {
  const wedge = new Wedge()
  wedge.changed('A-01-1', 50)
  wedge.changed('A-01-1', 60)
  expect(wedge.ended()).toEqual([{ code: 'A-01-1', source: 'wedge' }])
})

test('a suffix of its own ends a scan, and two may come in one', () => {
  const wedge = new Wedge(() => ({ ...PLAIN, suffix: '##' }))
  expect(wedge.changed('A-01-1##PEN##CU', 5)).toEqual([
    { code: 'A-01-1', source: 'wedge' },
    { code: 'PEN', source: 'wedge' },
  ])
  expect(wedge.text).toBe('CU')
})

test('a prefix tells a scanner that is as slow as a person', () => {
  const wedge = new Wedge(() => ({ ...PLAIN, prefix: '~' }))
  type(wedge, 'x~A-01-1', 180)
  expect(wedge.ended()).toEqual([{ code: 'A-01-1', source: 'wedge' }])
})
