// The HTTP side of the office: lists by page, one thing in full, and what the office does.
import { call, get, type Named } from './api'

type Query = Readonly<Record<string, string | number | boolean | undefined>>

export interface OrderRow extends Named {
  readonly channel: string
  readonly state: string
  readonly payment: string
  readonly placed_at: number
  readonly total: number
  readonly currency: string
  readonly reason: string
  readonly customer: string
  readonly lines: number
  readonly cut_off: number
}
export interface OrderLineRow {
  readonly id: string
  readonly sku: string
  readonly code: string
  readonly description: string
  readonly quantity: number
  readonly state: string
  readonly reason: string
}
export interface ShipmentRow {
  readonly id: string
  readonly site: string
  readonly carrier: string
  readonly cut_off: number
  readonly state: string
  readonly tracking: string
}
export interface ParcelRow {
  readonly id: string
  readonly sscc: string
  readonly shipment: string
  readonly state: string
  readonly tracking: string
}
export interface Happened {
  readonly position: number
  readonly at: number
  readonly kind: string
  readonly who: string
  readonly device: string
  readonly device_name: string
  readonly device_kind: string
  readonly facts: Readonly<Record<string, unknown>>
}
export interface OrderDetail {
  readonly order: OrderRow
  readonly note: string
  readonly ship_to: string
  readonly lines: readonly OrderLineRow[]
  readonly shipments: readonly ShipmentRow[]
  readonly parcels: readonly ParcelRow[]
  readonly history: readonly Happened[]
}
export interface SkuStock {
  readonly sku: string
  readonly name: string
  readonly tracking: string
  readonly on_hand: number
  readonly reserved: number
  readonly pinned: number
}
export interface BinStock {
  readonly bin: string
  readonly code: string
  readonly zone: string
  readonly kind: string
  readonly blocked: boolean
  readonly skus: number
  readonly units: number
  readonly pinned: number
}
export interface Lying {
  readonly place: string
  readonly sku: string
  readonly name: string
  readonly lot: string
  readonly expiry: number
  readonly quantity: number
  readonly pinned: number
}
export interface Pool {
  readonly site: string
  readonly on_hand: number
  readonly reserved: number
}
export interface Move {
  readonly id: string
  readonly at: number
  readonly lot: string
  readonly source: string
  readonly target: string
  readonly quantity: number
  readonly reason: string
  readonly who: string
  readonly order: string
  readonly order_name: string
  readonly units: number
}
export interface Product {
  readonly sku: Named & { readonly tracking: string; readonly weight_mg: number }
  readonly barcodes: readonly { readonly code: string; readonly units: number }[]
}
export interface ImportRow extends Named {
  readonly kind: string
  readonly source: string
  readonly channel: string
  readonly who: string
  readonly started_at: number
  readonly told_at: number
  readonly total: number
  readonly accepted: number
  readonly rejected: number
  readonly done: boolean
}
export interface Reject {
  readonly number: number
  readonly belongs_to: string
  readonly row: number
  readonly column: string
  readonly code: string
  readonly value: string
  readonly text: string
}
export interface User extends Named {
  readonly email: string
  readonly badge: string
  readonly roles: readonly string[]
  readonly site: string
  readonly language: string
  readonly active: boolean
}
export interface Device extends Named {
  readonly kind: string
  readonly user: string
  readonly site: string
  readonly enrolled_at: number
  readonly revoked: boolean
  readonly seen_at: number
  readonly waiting: number
  readonly tasks: number
}
/** A joining code: the address that a phone opens, and the picture of it. */
export interface Invitation {
  readonly url: string
  readonly qr: string
}
export type Policy = Readonly<Record<string, string | number | boolean | readonly (readonly [string, string])[]>>
export interface Site extends Named {
  readonly cut_off_minute: number
  readonly policy: Policy
}

function asked(path: string, query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '' && value !== false)
  return `${path}?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`
}
const one = (path: string, id: string, rest = ''): string => `${path}/${encodeURIComponent(id)}${rest}`
const post = (path: string, body: unknown = {}): Promise<unknown> => call('POST', path, body)

export const office = {
  orders: (query: Query) => get<OrderRow[]>(asked('/api/orders', query)),
  order: (id: string) => get<OrderDetail>(one('/api/orders', id)),
  channels: () => get<string[]>('/api/channels'),
  gateways: () => get<string[]>('/api/gateways'),
  hold: (id: string, reason: string) => post(one('/api/orders', id, '/hold'), { reason }),
  resume: (id: string) => post(one('/api/orders', id, '/resume')),
  cancel: (id: string, reason: string) => post(one('/api/orders', id, '/cancel'), { reason }),
  pay: (id: string, gateway: string) => post(one('/api/orders', id, '/pay'), { gateway }),
  onAccount: (id: string) => post(one('/api/orders', id, '/on-account')),
  stock: (query: Query) => get<SkuStock[]>(asked('/api/stock', query)),
  bins: (query: Query) => get<BinStock[]>(asked('/api/stock/bins', query)),
  lying: (query: Query) => get<Lying[]>(asked('/api/stock/lying', query)),
  pools: (sku: string) => get<Pool[]>(asked('/api/stock/pools', { sku })),
  ledger: (query: Query) => get<Move[]>(asked('/api/stock/ledger', query)),
  product: (sku: string) => get<Product>(one('/api/products', sku)),
  adjust: (bin: string, sku: string, lot: string, counted: number, reason: string) =>
    post('/api/stock/adjust', { do: 'adjust_stock', bin, sku, lot, counted, reason }),
  count: (bin: string, sku = '', lot = '') => post('/api/counts', { do: 'queue_count', bin, sku, lot }),
  imports: (query: Query) => get<ImportRow[]>(asked('/api/imports', query)),
  import: (id: string) => get<ImportRow>(one('/api/imports', id)),
  rejects: (id: string, after: number) => get<Reject[]>(asked(one('/api/imports', id, '/rejects'), { after })),
  rejectsFile: (id: string) => one('/api/imports', id, '/rejects.csv'),
  upload: (kind: string, key: string, file: File) =>
    call<ImportRow>('POST', asked('/api/imports', { kind, key, file: file.name }), file),
  users: () => get<User[]>('/api/users'),
  putUser: (user: object) => post('/api/users', user),
  setPin: (id: string, pin: string) => post(one('/api/users', id, '/pin'), { pin }),
  newBadge: (id: string) => post(one('/api/users', id, '/badge')),
  badgeFile: (id: string) => one('/api/users', id, '/badge.pdf'),
  invite: (user: string, minutes: number) => call<Invitation>('POST', '/api/enrol-tokens', { user, minutes }),
  devices: () => get<Device[]>('/api/devices'),
  revoke: (id: string) => post(one('/api/devices', id, '/revoke')),
  sites: () => get<Site[]>('/api/sites'),
  putSite: (site: Site) => post('/api/sites', { do: 'put_site', ...site }),
}
