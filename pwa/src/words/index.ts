// Every word a person reads comes from a catalogue, in the language that is spoken.
import type { Facts } from '../protocol.gen'
import { isRefusal, isSaid } from '../feel/refusals'
import type { Catalogue } from './en'
import { count } from './format'
import { spoken } from './language.svelte'

export type Key = keyof Catalogue

/** A message with its facts. The form of one that counts is decided by the fact `n`, as the language has it. */
export function t(key: Key, facts: Facts = {}): string {
  const message = spoken.words.messages[key]
  const form = typeof message === 'string' ? message : message[spoken.plurals.select(Number(facts['n'])) === 'one' ? 'one' : 'other']
  return form.replace(/\{(\w+)\}/g, (_, name: string) => shown(facts[name] ?? ''))
}

function shown(fact: string | number | boolean): string {
  return typeof fact === 'number' ? count(fact) : String(fact)
}

/** Words for a value that the server names, such as a state; the value itself where there are none. */
export function named(group: string, value: string): string {
  const key = `${group}.${value}`
  return key in spoken.words.messages ? t(key as Key) : value.replaceAll('_', ' ')
}

export function refusalWords(code: string): readonly [title: string, advice: string] {
  if (isSaid(code)) return [t(`said.${code}`), t(`said.${code}.how`)]
  return isRefusal(code) ? spoken.words.refusals[code] : [t('refusal.other'), code.replaceAll('_', ' ')]
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
