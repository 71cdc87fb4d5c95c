// What a weight that differs most likely means, in words a packer can act on.
import type { Flash } from '../../feel/flash.svelte'
import type { PackLineView } from '../../protocol.gen'
import { refusalWords, t, type Key } from '../../words'
import { difference } from '../../words/format'

const CAUSES: Readonly<Record<string, Key>> = { one_more: 'cause.more', one_less: 'cause.less', swap: 'cause.swap' }

export function causeWords({ code, facts }: Flash, lines: readonly PackLineView[]): string {
  if (!('difference' in facts)) return refusalWords(code)[1]
  const item = (name: string): string => lines.find(({ sku }) => sku === facts[name])?.name ?? String(facts[name] ?? '')
  const grams = Number(facts['difference'])
  return t(CAUSES[String(facts['cause'])] ?? 'cause.unknown', { sku: item('sku'), instead_of: item('instead_of'), difference: difference(grams) })
}
