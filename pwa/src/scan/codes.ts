// What a scanned text may mean: the keys it is looked up under, as server/kernel/barcode.py has them.
const SYMBOLOGY = /^\][A-Za-z][0-9A-Za-z]/
const FNC1 = '\u001d'
const GTIN_LENGTHS = new Set([8, 12, 13, 14])
/** Fixed lengths of the application identifiers that need no separator (GS1 General Specifications, 7.8.5). */
const FIXED: Readonly<Record<string, number>> = { '00': 18, '01': 14, '02': 14, '11': 6, '13': 6, '15': 6, '17': 6 }

export type Elements = ReadonlyMap<string, string>

/** The longest code that the server keeps. */
export const LONGEST = 512
const CONTROL = /[\u0000-\u001c\u001e\u001f\u007f-\u009f]/
const PICTURES = 0x2400

export type Fault = 'code_too_long' | 'code_unreadable'

export function clean(code: string): string {
  return code.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')
}

/** Why a scanned text can be no code: no label has control characters other than FNC1. */
export function faultOf(text: string): Fault | undefined {
  if (text.length > LONGEST) return 'code_too_long'
  return CONTROL.test(text) ? 'code_unreadable' : undefined
}

/** As much of a faulty text as can be shown and kept, with pictures for its control characters. */
export function shown(text: string): string {
  const picture = (c: string): string => (c < ' ' ? String.fromCharCode(PICTURES + c.charCodeAt(0)) : '\ufffd')
  return text.slice(0, LONGEST).replace(new RegExp(CONTROL, 'g'), picture)
}

export function isChecked(digits: string): boolean {
  if (!/^[0-9]{2,}$/.test(digits)) return false
  const sum = [...digits].reverse().reduce((total, digit, place) => total + Number(digit) * (place % 2 ? 3 : 1), 0)
  return sum % 10 === 0
}

function padded(code: string): string | undefined {
  const right = GTIN_LENGTHS.has(code.length) && isChecked(code) && /[1-9]/.test(code)
  return right ? code.padStart(14, '0') : undefined
}

/** Read a GS1 element string leniently; an empty map where it is none. */
export function elements(code: string): Elements {
  const text = clean(code).replace(SYMBOLOGY, '')
  const bracketed = [...text.matchAll(/\((\d{2,4})\)([^(]+)/g)]
  if (text.startsWith('(') && bracketed.length) return new Map(bracketed.map((m) => [m[1]!, m[2]!]))
  const link = text.match(/^https?:\/\/[^/]+(?:\/.*?)??\/01\/(\d{8,14})(?:\/10\/([^/?]+))?(?:\/21\/([^/?]+))?/i)
  if (link) return new Map(named([['01', link[1]], ['10', link[2]], ['21', link[3]]]))
  return concatenated(text)
}

function named(pairs: [string, string | undefined][]): [string, string][] {
  return pairs.filter((pair): pair is [string, string] => Boolean(pair[1]))
}

function concatenated(text: string): Elements {
  const found = new Map<string, string>()
  let rest = text.startsWith(FNC1) ? text.slice(1) : text
  while (rest) {
    const ai = rest.slice(0, 2)
    const length = FIXED[ai]
    const end = length ? 2 + length : rest.includes(FNC1) ? rest.indexOf(FNC1) : rest.length
    const known = length !== undefined || ['10', '21', '30', '37'].includes(ai)
    if (!known || (length && !/^\d+$/.test(rest.slice(2, end))) || end > rest.length) return new Map()
    found.set(ai, rest.slice(2, end))
    rest = rest.slice(end).replace(/^\u001d/, '')
  }
  const item = found.get('01') ?? found.get('00') ?? found.get('02')
  return item && isChecked(item) ? found : new Map()
}

/** The keys to look a scanned text up under, the surest first: an internal code may look like GS1. */
export function candidates(code: string): readonly string[] {
  const text = clean(code)
  const bare = text.replace(SYMBOLOGY, '')
  const found = elements(text)
  const item = found.get('01') ?? found.get('02')
  const keys = [text, bare, found.get('00'), padded(bare) ?? (item && padded(item))]
  return [...new Set(keys.filter((key): key is string => Boolean(key)))]
}

/** Whether two codes mean the same: GTIN-8/12/13/14 of one item are equal. */
export function same(a: string, b: string): boolean {
  const keys = new Set(candidates(a))
  return candidates(b).some((key) => keys.has(key))
}

export function lotOf(code: string): string {
  return elements(code).get('10') ?? ''
}
