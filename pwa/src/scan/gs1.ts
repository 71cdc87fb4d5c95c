// Element strings of GS1 codes, read as server/kernel/gs1.py reads them and tried by the same vectors.
import { IDENTIFIERS } from '../protocol.gen'
import { isChecked, padded } from './gtin'
import { isLink, pairsOf } from './link'

export type Pair = readonly [ai: string, value: string]
export type Elements = ReadonlyMap<string, string>
type Reading = readonly Pair[]

interface Identifier {
  readonly format: RegExp
  /** Whether a separator ends its value. */
  readonly separated: boolean
}

export const FNC1 = '\u001d'
/** What a scanner may send first to say which symbology it read (ISO/IEC 15424). */
export const SYMBOLOGY = /^\][A-Za-z][0-9A-Za-z]/
const GS1_SYMBOLOGIES = new Set([']C1', ']e0', ']d2', ']Q3', ']J1'])
const MOST_READINGS = 16
const LONGEST_VALUE = 90

const KEYS = ['00', '01', '02', '8006']
/** Their values vouch for themselves, by a check digit or a date, after a lost separator. */
const DATED = new Set([...KEYS, '11', '13', '15', '17'])
const USUAL = new Set([...DATED, '10', '20', '21', '30', '37', '240', '241', '250', ...[0, 1, 2, 3, 4, 5].map((n) => `310${n}`)])
const CHECKED = new Set('00 01 02 03 402 8017 8018 410 411 412 413 414 415 416 417'.split(' '))
const DATES = new Set(['11', '12', '13', '15', '16', '17'])
/** Their first digits carry a check digit. */
const LEADING: Readonly<Record<string, number>> = { '253': 13, '255': 13, '8003': 14, '8006': 14, '8026': 14 }

const TABLE = new Map(IDENTIFIERS.flatMap(([pattern, separated, ranges]) => {
  const identifier: Identifier = { format: new RegExp(`^(?:${pattern})$`), separated }
  return ranges.split(' ').flatMap(expanded).map((ai) => [ai, identifier] as const)
}))

function expanded(range: string): string[] {
  const [from = '', to = from] = range.split('-')
  return Array.from({ length: Number(to) - Number(from) + 1 }, (_, n) => String(Number(from) + n).padStart(from.length, '0'))
}

/** Whether YYMMDD is a day; day 00 stands for the month's last. */
function isDate(value: string): boolean {
  const [year, month, day] = [0, 2, 4].map((at) => Number(value.slice(at, at + 2))) as [number, number, number]
  return month >= 1 && month <= 12 && day <= new Date(Date.UTC(2000 + year, month, 0)).getUTCDate()
}

function isElement(ai: string, value: string): boolean {
  if (!TABLE.get(ai)?.format.test(value)) return false
  if (CHECKED.has(ai)) return isChecked(value)
  if (ai in LEADING) return isChecked(value.slice(0, LEADING[ai]))
  return !DATES.has(ai) || isDate(value)
}

function identifierAt(text: string, start: number): string | undefined {
  return [2, 3, 4].map((length) => text.slice(start, start + length)).find((ai) => TABLE.has(ai))
}

/** Text without separators read in every way; only an identifier of `after` may follow one that was lost. */
function readingsOf(text: string, after: ReadonlySet<string>): readonly Reading[] {
  const known = new Map<string, readonly Reading[]>()
  function tails(start: number, lost: boolean): readonly Reading[] {
    if (start === text.length) return [[]]
    const place = `${start}${lost}`
    if (!known.has(place)) known.set(place, read(start, lost))
    return known.get(place)!
  }
  function read(start: number, lost: boolean): readonly Reading[] {
    const ai = identifierAt(text, start)
    if (!ai || (lost && !after.has(ai))) return []
    const found: Reading[] = []
    const body = start + ai.length
    const last = Math.min(text.length, body + LONGEST_VALUE)
    for (let end = body + 1; end <= last && found.length < MOST_READINGS; end += 1) {
      if (!isElement(ai, text.slice(body, end))) continue
      for (const tail of tails(end, TABLE.get(ai)!.separated)) found.push([[ai, text.slice(body, end)], ...tail])
    }
    return found.slice(0, MOST_READINGS)
  }
  return tails(0, false)
}

/** Nothing is said twice differently, and no item contains itself. */
function agrees(reading: Reading): boolean {
  const said = new Map(reading)
  return said.size === new Set(reading.map((pair) => pair.join())).size && !(said.has('01') && said.has('02'))
}

function bracketed(text: string): readonly Reading[] {
  const [before, ...parts] = text.split(/\(([0-9]{2,4})\)/)
  const pairs = parts.flatMap((ai, at): Pair[] => (at % 2 ? [] : [[ai, parts[at + 1]!]]))
  return !before && pairs.length && pairs.every(([ai, value]) => isElement(ai, value)) ? [pairs] : []
}

function separated(text: string, after: ReadonlySet<string>): readonly Reading[] {
  const parts = text.split(FNC1).filter(Boolean).map((part) => readingsOf(part, after))
  if (!parts.length) return []
  const join = (wholes: readonly Reading[], choices: readonly Reading[]): readonly Reading[] =>
    wholes.flatMap((whole) => choices.map((choice) => [...whole, ...choice])).slice(0, MOST_READINGS)
  return parts.reduce(join, [[]])
}

/** Text whose separators were lost: it must name an item or unit, or an internal code would match. */
function plain(text: string): readonly Reading[] {
  return separated(text, USUAL).filter((reading) => {
    const said = new Map(reading)
    return KEYS.some((key) => said.has(key)) && (!said.has('37') || said.has('02'))
  })
}

function inAnyForm(body: string, symbology: string): readonly Reading[] {
  if (isLink(body)) {
    const pairs = pairsOf(body)
    return pairs.length && pairs.every(([ai, value]) => isElement(ai, value)) ? [pairs] : []
  }
  if (symbology && !GS1_SYMBOLOGIES.has(symbology)) return []
  if (body.startsWith('(')) return bracketed(body)
  if (body.includes(FNC1)) {
    const found = separated(body, new Set())
    return found.length ? found : plain(body)
  }
  return symbology ? separated(body, DATED) : plain(body)
}

/** Every way to read `text` as GS1: several where a lost separator leaves it open. */
export function readings(text: string): readonly Elements[] {
  if (/[^\u0000-\u007f]/.test(text)) return []
  const body = text.replace(SYMBOLOGY, '')
  return inAnyForm(body, text.slice(0, text.length - body.length)).filter(agrees).map(firstSaid)
}

function firstSaid(reading: Reading): Elements {
  return new Map([...reading].reverse())
}

/** The item, or what the logistic unit contains, as GTIN-14. */
export function itemOf(said: Elements): string | undefined {
  return padded(said.get('01') ?? said.get('02') ?? said.get('8006')?.slice(0, 14) ?? '')
}

/** A GS1 code's elements: with FNC1 or without, bracketed, or a Digital Link. None where more than one reading is left. */
export function parsed(text: string): Elements | undefined {
  const found = readings(text)
  return found.length === 1 ? found[0] : undefined
}
