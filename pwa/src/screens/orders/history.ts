// An order's history as one reads it: what happened to the order, to each shipment, to each parcel; every change once,
// in words, with who did it and where.
import type { Happened, OrderDetail } from '../../link/office'
import { named, t, type Key } from '../../words'
import { weight } from '../../words/format'

export interface Told {
  readonly position: number
  readonly at: number
  readonly who: string
  readonly where: string
  readonly words: string
  readonly times: number
}
export interface Chapter {
  readonly id: string
  readonly kind: 'order' | 'shipment' | 'parcel'
  readonly title: string
  readonly told: readonly Told[]
}

/** Derived from the lines, which are told already. */
const DERIVED = new Set(['OrderChanged', 'ShipmentChanged'])
/** States of a line that another event tells better: who picked it from where, in which parcel it is. */
const TOLD_BETTER = new Set(['picked', 'packed', 'shipped', 'paid'])

export function chapters({ history, shipments, parcels }: OrderDetail): readonly Chapter[] {
  const inParcel = new Map(parcels.map((parcel) => [parcel.id, parcel.shipment]))
  const said = history.filter((each) => !DERIVED.has(each.kind) && !(each.kind === 'LineChanged' && TOLD_BETTER.has(fact(each, 'state'))))
  const place = (each: Happened): string => {
    const parcel = fact(each, 'parcel')
    if (inParcel.has(parcel)) return parcel
    const shipment = fact(each, 'shipment')
    return shipments.some((known) => known.id === shipment) ? shipment : ''
  }
  const of = (id: string): readonly Told[] => said.filter((each) => place(each) === id).reduce(folded, [])
  const rest = shipments.flatMap((shipment): Chapter[] => [
    { id: shipment.id, kind: 'shipment', title: t('history.shipment', { site: shipment.site, carrier: named('carrier', shipment.carrier) }), told: of(shipment.id) },
    ...parcels
      .filter((parcel) => parcel.shipment === shipment.id)
      .map((parcel): Chapter => ({ id: parcel.id, kind: 'parcel', title: t('history.parcel', { sscc: parcel.sscc }), told: of(parcel.id) })),
  ])
  return [{ id: '', kind: 'order', title: t('place.order'), told: of('') } as const, ...rest].filter((chapter) => chapter.told.length)
}

function folded(before: readonly Told[], each: Happened): readonly Told[] {
  const words = wordsOf(each)
  const last = before.at(-1)
  if (last?.words === words && last.who === each.who) return [...before.slice(0, -1), { ...last, times: last.times + 1 }]
  return [...before, { position: each.position, at: each.at, who: whoOf(each), where: deviceOf(each), words, times: 1 }]
}

const fact = ({ facts }: Happened, name: string): string => String(facts[name] ?? '')
const whoOf = ({ who }: Happened): string => (who ? named('who', who) : t('history.house'))

function deviceOf({ device, device_name, device_kind }: Happened): string {
  if (!device) return ''
  return device_name || t('history.device', { kind: named('device.kind', device_kind), id: device.slice(-4) })
}

function wordsOf(each: Happened): string {
  const { facts, kind } = each
  const words = Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, shown(name, value)]))
  if (kind === 'HoldChanged' && !facts['reason']) return t('event.HoldEnded')
  if (kind === 'LineChanged') return line(words, String(facts['state']))
  const key = `event.${kind}`
  const told = named('event', kind)
  return told === kind ? kind : t(key as Key, words)
}

function line(words: Record<string, string>, state: string): string {
  const head = t('event.line', { ...words, state: named('state', state) })
  return words['reason'] ? t('event.because', { what: head, reason: words['reason'] }) : head
}

function shown(name: string, value: unknown): string {
  const text = String(value ?? '')
  if (name === 'bin') return text.slice(text.indexOf(':') + 1)
  if (name === 'grams' || name === 'expected_g') return weight(Number(value))
  if (name === 'reason' || name === 'partial_reason') return text && named('reason', text.replace('short:', ''))
  if (name === 'channel' || name === 'carrier' || name === 'payment') return named(name, text)
  return Array.isArray(value) ? value.join(', ') : text
}
