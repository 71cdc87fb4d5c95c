// Every word a person reads comes from a catalogue, so that another language is another file.
import type { Facts } from '../protocol.gen'
import { isRefusal, isSaid } from '../feel/refusals'
import { en, type Catalogue } from './en'
import { refusals as englishRefusals, type RefusalWords } from './refusals.en'

export type Key = keyof Catalogue
export interface Language {
  readonly words: Catalogue
  readonly refusals: RefusalWords
}

const LANGUAGES: Readonly<Record<string, Language>> = { en: { words: en, refusals: englishRefusals } }
const chosen = globalThis.navigator?.languages?.map((tag) => tag.slice(0, 2)).find((tag) => tag in LANGUAGES) ?? 'en'
const language = LANGUAGES[chosen] ?? { words: en, refusals: englishRefusals }

export function t(key: Key, facts: Facts = {}): string {
  return language.words[key].replace(/\{(\w+)\}/g, (_, name: string) => String(facts[name] ?? ''))
}

/** Words for a value that the server names, such as a state; the value itself where there are none. */
export function named(group: string, value: string): string {
  const key = `${group}.${value}`
  return key in language.words ? t(key as Key) : value.replaceAll('_', ' ')
}

export function refusalWords(code: string): readonly [title: string, advice: string] {
  if (isSaid(code)) return [t(`said.${code}`), t(`said.${code}.how`)]
  return isRefusal(code) ? language.refusals[code] : [t('refusal.other'), code.replaceAll('_', ' ')]
}

/** Facts of a refusal as pairs to show, what was scanned and expected first. */
export function factRows(facts: Facts): readonly (readonly [string, string])[] {
  const hidden = new Set(['line', 'task', 'parcel', 'manifest', 'shipment', 'step', 'machine', 'event'])
  const first = ['scanned', 'expected']
  const rest = Object.keys(facts).filter((name) => !first.includes(name) && !hidden.has(name))
  return [...first, ...rest].flatMap((name) => {
    const value = facts[name]
    return value === undefined || value === null || value === '' ? [] : [[named('fact', name), String(value)] as const]
  })
}

export function plural(one: Key, many: Key, n: number): string {
  return t(n === 1 ? one : many, { n })
}
