// What a weight that differs most likely means, in words a packer can act on.
import type { Facts } from '../../protocol.gen'
import { refusalWords, t, type Key } from '../../words'

const CAUSES: Readonly<Record<string, Key>> = { one_more: 'cause.more', one_less: 'cause.less', swap: 'cause.swap' }

export function causeWords(facts: Facts): string {
  const cause = CAUSES[String(facts['cause'])]
  if (!('difference' in facts)) return refusalWords('sku' in facts ? 'weight_unknown' : 'unstable')[1]
  const grams = Number(facts['difference'])
  return `${grams > 0 ? '+' : ''}${grams} g: ${t(cause ?? 'cause.unknown', facts)}`
}
