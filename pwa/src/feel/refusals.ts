// How each refusal sounds and feels. A code that is missing here does not compile; its words are in words/en.ts.
import type { RefusalCode } from '../protocol.gen'
import type { Sound } from './sound'

export interface Feel {
  readonly sound: Sound
  /** Pattern for vibration, ms on and off in turn. */
  readonly buzz: readonly number[]
  readonly colour: 'wrong' | 'counted' | 'ask'
}

const TWICE = [180, 90, 180]
const wrong: Feel = { sound: 'refusal', buzz: TWICE, colour: 'wrong' }
const counted: Feel = { sound: 'counted', buzz: [40], colour: 'counted' }
const ask: Feel = { sound: 'counted', buzz: [80], colour: 'ask' }
const news: Feel = { sound: 'news', buzz: [60, 60, 60], colour: 'ask' }
const quiet: Feel = { sound: 'none', buzz: [], colour: 'ask' }

export const FEEL: Readonly<Record<RefusalCode, Feel>> = {
  not_allowed: wrong,
  not_found: wrong,
  not_in_state: wrong,
  stale: ask,
  wrong_site: wrong,
  bad_value: wrong,
  not_signed_in: ask,
  bad_credentials: wrong,
  device_revoked: wrong,
  join_unknown: wrong,
  join_used: wrong,
  join_expired: wrong,
  too_many_attempts: wrong,
  busy: quiet,
  failed: wrong,
  bad_barcode: wrong,
  unknown_barcode: wrong,
  already_counted: counted,
  wrong_bin: wrong,
  wrong_check_digits: wrong,
  bin_first: wrong,
  wrong_sku: wrong,
  sku_not_in_bin: wrong,
  scan_lot: ask,
  wrong_lot: wrong,
  lot_expired: wrong,
  serial_twice: counted,
  too_many: wrong,
  zero_quantity: wrong,
  unusual_quantity: ask,
  wrong_tote: wrong,
  tote_of_other_order: wrong,
  task_taken: wrong,
  task_withdrawn: wrong,
  line_done: counted,
  line_cancelled: wrong,
  order_on_hold: wrong,
  order_cancelled: wrong,
  tote_needed: ask,
  lines_open: wrong,
  nothing_to_undo: counted,
  not_enough_stock: wrong,
  unknown_sku: wrong,
  same_revision: quiet,
  order_shipped: wrong,
  not_paid: wrong,
  nothing_to_plan: ask,
  bin_outside_layout: wrong,
  bin_unreachable: wrong,
  unit_too_large: wrong,
  plan_stale: ask,
  item_not_in_order: wrong,
  more_than_ordered: wrong,
  totes_missing: wrong,
  items_left: ask,
  carton_not_allowed: wrong,
  not_packed: wrong,
  unstable: ask,
  negative_weight: wrong,
  over_range: wrong,
  wrong_unit: wrong,
  keyed_weight: wrong,
  weight_mismatch: wrong,
  weight_unknown: ask,
  not_verified: wrong,
  no_printer: wrong,
  already_labelled: counted,
  wrong_carrier: wrong,
  already_shipped: counted,
  on_the_road: wrong,
  already_loaded: counted,
  not_weighed: wrong,
  tracking_needed: ask,
  no_label: wrong,
  count_differs: wrong,
  bad_frame: wrong,
  too_large: wrong,
  too_fast: ask,
  old_client: wrong,
  newer_database: wrong,
  not_sealed: wrong,
  disk_full: wrong,
  bad_signature: wrong,
  bad_row: wrong,
  no_goods: wrong,
  not_an_order: wrong,
  late_row: wrong,
}

/** What the device says by itself, without the server. Its words are in words/phone.en.ts, under `said`. */
export type SaidCode =
  | 'question_open'
  | 'no_scan_here'
  | 'code_too_long'
  | 'code_unreadable'
  | 'storage_full'
  | 'nonsense'
  | 'task_offered'
  | 'task_assigned'
  | 'task_changed'
  | 'task_gone'

const SAID: Readonly<Record<SaidCode, Feel>> = {
  question_open: wrong,
  no_scan_here: ask,
  code_too_long: wrong,
  code_unreadable: wrong,
  storage_full: wrong,
  nonsense: ask,
  task_offered: news,
  task_assigned: news,
  task_changed: news,
  task_gone: { ...wrong, colour: 'ask' },
}

export function isSaid(code: string): code is SaidCode {
  return code in SAID
}

export function isRefusal(code: string): code is RefusalCode {
  return code in FEEL
}

export function feelOf(code: string): Feel {
  if (isSaid(code)) return SAID[code]
  return isRefusal(code) ? FEEL[code] : wrong
}
