// What a scanned text may mean: the keys it is looked up under, as server/kernel/barcode.py has them.
import { itemOf, parsed, readings, SYMBOLOGY } from './gs1'
import { padded, upcE } from './gtin'

/** The longest code that the server keeps. */
export const LONGEST = 512
/** What no label has: all but what can be seen, the blank and FNC1. */
const UNPRINTABLE = /(?![ \u001d])[\p{C}\p{Z}]/u
const PICTURES = 0x2400
/** A wave's codes come again and again. */
const REMEMBERED = 2_000
const remembered = new Map<string, readonly string[]>()

export type Fault = 'code_too_long' | 'code_unreadable'

export function clean(code: string): string {
  return code.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')
}

/** Why a scanned text can be no code. */
export function faultOf(text: string): Fault | undefined {
  if (text.length > LONGEST) return 'code_too_long'
  return UNPRINTABLE.test(text) ? 'code_unreadable' : undefined
}

/** As much of a faulty text as can be shown and kept, with pictures for its control characters. */
export function shown(text: string): string {
  const picture = (c: string): string => (c < ' ' ? String.fromCharCode(PICTURES + c.charCodeAt(0)) : '\ufffd')
  return text.slice(0, LONGEST).replace(new RegExp(UNPRINTABLE, 'gu'), picture)
}

/** The keys to look a scanned text up under, the surest first: an internal code may look like GS1. */
export function candidates(code: string): readonly string[] {
  const text = clean(code)
  const known = remembered.get(text) ?? keysOf(text)
  if (remembered.size >= REMEMBERED) remembered.clear()
  remembered.set(text, known)
  return known
}

function keysOf(text: string): readonly string[] {
  const bare = text.replace(SYMBOLOGY, '')
  const found = readings(text)
  const unit = agreed(found.map((said) => said.get('00')))
  const item = padded(bare) ?? agreed(found.map(itemOf))
  return [...new Set([text, bare, unit, item, upcE(bare)].filter((key): key is string => Boolean(key)))]
}

/** What all readings say alike. */
function agreed(said: readonly (string | undefined)[]): string | undefined {
  return new Set(said).size === 1 ? said[0] : undefined
}

export function lotOf(code: string): string {
  return parsed(code)?.get('10') ?? ''
}
