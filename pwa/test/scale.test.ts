import { expect, test } from 'vitest'
import * as hid from '../src/scale/hid'
import * as mtsics from '../src/scale/mtsics'
import { ScaleFault, type Shown } from '../src/scale/reading'
import { Stream } from '../src/scale/stream'
import * as toledo from '../src/scale/toledo'
import { vectors } from './vectors'

interface Meant {
  readonly grams?: number
  readonly stable?: boolean
  readonly status?: string
  readonly fault?: boolean
}
interface Vectors {
  readonly mtsics: readonly (Meant & { line: string })[]
  readonly toledo: readonly (Meant & { story: string; frame: string })[]
  readonly hid: readonly (Meant & { story: string; report: string })[]
}
const all = vectors<Vectors>('protocol/vectors/scales')
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'))
const encoded = (text: string): Uint8Array => new TextEncoder().encode(text)

function outcome(read: () => Shown): Meant {
  try {
    const { grams, stable, status } = read()
    return status === 'ok' ? { grams, stable } : { status }
  } catch (error) {
    expect(error).toBeInstanceOf(ScaleFault)
    return { fault: true }
  }
}

test.each(all.mtsics)('MT-SICS: $line', ({ line, ...meant }) => {
  expect(outcome(() => mtsics.parse(line))).toEqual(meant)
  expect(outcome(() => mtsics.parse(`${line}\r\n`))).toEqual(meant)
})

test.each(all.toledo)('Toledo: $story', ({ story: _, frame, ...meant }) => {
  expect(outcome(() => toledo.parse(bytes(frame)))).toEqual(meant)
})

test.each(all.hid)('HID: $story', ({ story: _, report, ...meant }) => {
  const data = bytes(report)
  expect(outcome(() => hid.parse(new DataView(data.buffer, data.byteOffset, data.byteLength)))).toEqual(meant)
})

test('a line that comes in pieces, after noise, is one reading', () => {
  const stream = new Stream()
  expect(stream.push(encoded('0 g\r\nS S   12'))).toEqual([])
  expect(stream.push(encoded('50 g\r\nS D 1249 g\r\n')).map(({ grams, stable }) => [grams, stable])).toEqual([
    [1250, true],
    [1249, false],
  ])
  expect(stream.unasked).toBe(false)
})

test('frames are found in the middle of one, and need no question', () => {
  const frame = bytes('022230212020313235302020202020300d')
  const stream = new Stream()
  const read = [...frame.slice(9), ...frame, 0x7f, ...frame.slice(0, 5)]
  expect(stream.push(Uint8Array.from(read)).map(({ grams }) => grams)).toEqual([1250])
  expect(stream.push(frame.slice(5)).map(({ grams }) => grams)).toEqual([1250])
  expect(stream.unasked).toBe(true)
})
