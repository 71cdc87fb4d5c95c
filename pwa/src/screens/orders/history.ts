// An order's history as one reads it: each change once, with how often it happened in a row.
import type { Happened } from '../../link/api'
import { named } from '../../words'

export interface Told {
  readonly position: number
  readonly at: number
  readonly who: string
  readonly words: string
  readonly times: number
}

/** Derived from the lines, which are told already. */
const DERIVED = new Set(['OrderChanged', 'ShipmentChanged'])

export function told(history: readonly Happened[]): readonly Told[] {
  return history.filter((each) => !DERIVED.has(each.kind)).reduce(folded, [])
}

function folded(before: readonly Told[], each: Happened): readonly Told[] {
  const words = wordsOf(each)
  const last = before.at(-1)
  if (last?.words === words && last.who === each.who) return [...before.slice(0, -1), { ...last, times: last.times + 1 }]
  return [...before, { position: each.position, at: each.at, who: each.who, words, times: 1 }]
}

function wordsOf({ kind, facts }: Happened): string {
  const spaced = kind.replace(/([a-z])([A-Z])/g, (_, end: string, start: string) => `${end} ${start.toLowerCase()}`)
  return kind === 'LineChanged' ? named('state', String(facts['state'])) : spaced
}
