// A place of the ledger in words: `bin:MAIN:A-01-01` is the bin A-01-01, `parcel:...` a parcel.
import { named, t } from '../../words'

export function placeWords(place: string): string {
  const at = place.indexOf(':')
  if (at < 0) return named('place.world', place)
  const kind = place.slice(0, at)
  const rest = place.slice(at + 1)
  if (kind === 'bin') return rest.slice(rest.indexOf(':') + 1)
  return kind === 'tote' ? t('stock.tote', { id: rest }) : t('stock.parcel', { id: rest.slice(-4) })
}

/** The id of a bin, 'SITE:CODE'; '' for any other place. */
export const binOf = (place: string): string => (place.startsWith('bin:') ? place.slice(4) : '')

/** Why something moved: what the house says of itself has words, a person's own reason stays as it was typed. */
export function reasonWords(reason: string): string {
  return reason.startsWith('short:') ? t('move.short', { reason: named('short', reason.slice(6)) }) : named('move', reason)
}

const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' })
export const day = (at: number): string => (at ? DAY.format(at) : '')
