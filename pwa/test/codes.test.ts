import { describe, expect, test } from 'vitest'
import { candidates, faultOf, lotOf, shown } from '../src/scan/codes'
import { itemOf, parsed, readings } from '../src/scan/gs1'
import { isChecked, padded } from '../src/scan/gtin'
import { hasShared, shared, vectors } from './vectors'

interface Vectors {
  readonly gtin14: readonly [string, string | null][]
  readonly elements: readonly [string, Readonly<Record<string, string>> | null][]
  readonly candidates: readonly [string, readonly string[]][]
  readonly refused: readonly string[]
  readonly check_digits: readonly [string, number][]
}
const { gtin14, elements, candidates: keys, refused, check_digits } = vectors<Vectors>('kernel/vectors')

describe('what the server reads is read here alike', () => {
  test.each(gtin14)('%j is item %j', (code, item) => {
    const found = new Set(readings(code).map(itemOf))
    expect(padded(code.replace(/^\]../, '')) ?? (found.size === 1 ? [...found][0] : undefined)).toBe(item ?? undefined)
  })
  test.each(elements)('%j says %j', (code, said) => {
    expect(parsed(code) && Object.fromEntries(parsed(code)!)).toEqual(said ?? undefined)
  })
  test.each(keys)('%j is looked up under %j', (code, found) => {
    expect(candidates(code)).toEqual(found)
  })
  test.each(refused.filter((code) => code.trim()))('%j can be no code', (code) => {
    expect(faultOf(code)).toBe('code_unreadable')
    expect(faultOf(shown(code))).toBeUndefined()
  })
  test.each(check_digits)('%s has check digit %i', (payload, digit) => {
    expect(isChecked(`${payload}${digit}`)).toBe(true)
    expect(isChecked(`${payload}${(digit + 1) % 10}`)).toBe(false)
  })
})

interface Vector {
  readonly valid: boolean
  readonly unbracketed?: unknown
  readonly [field: string]: unknown
}
/** The least share that must agree: GTINs written short are taken, which GS1 makes a setting. */
const OFFICIAL = [
  ['unbracketed-ai', 'unbracketed', 1],
  ['bracketed-ai', 'bracketed', 1],
  ['digital-link-parse', 'uri', 0.95],
] as const

function withSeparators(text: unknown): string {
  return String(text).replaceAll('^', '\u001d')
}

function isAgreed(vector: Vector, field: string): boolean {
  const found = parsed(field === 'unbracketed' ? withSeparators(vector[field]) : String(vector[field]))
  if (!found || !vector.valid || !vector.unbracketed) return Boolean(found) === vector.valid
  return JSON.stringify([...found]) === JSON.stringify([...(parsed(withSeparators(vector.unbracketed)) ?? [])])
}

test.skipIf(!hasShared).each(OFFICIAL)('the official vectors %s hold', (name, field, least) => {
  const known = shared<Vector>(`gs1/${name}`).filter((vector) => typeof vector[field] === 'string')
  expect(known.filter((vector) => isAgreed(vector, field)).length).toBeGreaterThanOrEqual(least * known.length)
})

test('a lot is read from a code that says one', () => {
  expect(lotOf(']C1010952123454321310L7')).toBe('L7')
  expect(lotOf('4006381333931')).toBe('')
})
