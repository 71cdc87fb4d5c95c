// What a scan means for a line, decided on the device: the same rules as server/picking/rules.py, and the same
// vectors (tests/protocol/vectors/lines.json).
import { COUNTS, type Facts, type LineView, type RefusalCode, type Scan, type TaskView } from '../protocol.gen'
import { clean, lotOf } from '../scan/codes'
import { barcodeOf, slotOf, withLine, withTote } from './lines'
import { after, isKind } from './steps'

/** Typed quantities from here on are asked for once more. */
export const UNUSUAL = 500

export interface Refused {
  readonly code: RefusalCode
  readonly facts: Facts
}
export type Verdict = { readonly task: TaskView } | Refused

interface Seen {
  readonly task: TaskView
  readonly line: LineView
  readonly scan: Scan
}

export function isRefused(verdict: Verdict): verdict is Refused {
  return 'code' in verdict
}

/** What the line's step expects, as printed on the label. */
export function expected(task: TaskView, line: LineView): string {
  const wanted: Record<string, string> = {
    bin: line.bin_code,
    sku: line.sku,
    lot: line.lots[0] ?? '',
    tote: slotOf(task, line)?.tote_code ?? '',
  }
  return wanted[line.step] ?? ''
}

export function scanned(task: TaskView, scan: Scan): Verdict {
  const line = task.lines.find((each) => each.id === scan.line)
  if (!line) return refuse('not_found', { line: scan.line })
  if (line.state !== 'open' && line.state !== 'withdrawing') {
    return refuse(line.state === 'withdrawn' ? 'line_cancelled' : 'line_done', { line: line.id })
  }
  const wanted = expected(task, line)
  if (scan.step !== line.step) {
    return refuse(line.step === 'bin' ? 'bin_first' : 'not_in_state', { expected: wanted, scanned: scan.code })
  }
  return AT[scan.step]({ task, line, scan: { ...scan, code: clean(scan.code) } })
}

function refuse(code: RefusalCode, facts: Facts): Refused {
  return { code, facts }
}

function advanced(seen: Seen, line: LineView = seen.line): TaskView {
  const { task } = seen
  const facts = { tracking: line.tracking, confirm_tote: task.confirm_tote }
  const step = isKind(task.kind) ? after(task.kind, line.step, facts) : 'done'
  return withLine(task, step === 'done' ? { ...line, step, state: 'picked', picked: line.counted } : { ...line, step })
}

function atBin(seen: Seen): Verdict {
  const { line, scan, task } = seen
  if (scan.code === line.bin_code || scan.code === line.bin) return { task: advanced(seen) }
  if (/^\d{1,3}$/.test(scan.code)) {
    if (scan.code === line.check) return { task: advanced(seen) }
    return refuse('wrong_check_digits', { expected: line.bin_code, scanned: scan.code })
  }
  const isItem = task.lines.some((each) => barcodeOf(each, scan.code))
  return refuse(isItem ? 'bin_first' : 'wrong_bin', { expected: line.bin_code, scanned: scan.code })
}

function atSku(seen: Seen): Verdict {
  const { line, scan, task } = seen
  const barcode = barcodeOf(line, scan.code)
  if (!barcode) {
    const other = task.lines.find((each) => each.state === 'open' && barcodeOf(each, scan.code))
    return refuse(other ? 'sku_not_in_bin' : 'wrong_sku', { expected: line.sku, scanned: other?.sku ?? scan.code })
  }
  if (task.kind !== 'pick' || COUNTS[line.tracking] === 'sku') return counted(seen, line, scan.quantity || barcode.units)
  const opened = advanced(seen)
  const then = opened.lines.find((each) => each.id === line.id)!
  return lotOf(scan.code) && then.step === 'lot' ? atLot({ task: opened, line: then, scan }) : { task: opened }
}

function atLot(seen: Seen): Verdict {
  const { line, scan } = seen
  const lot = lotOf(scan.code) || scan.code
  if (!line.lots.includes(lot)) return refuse('wrong_lot', { expected: line.lots[0] ?? '', scanned: lot })
  return counted(seen, line, scan.quantity || (barcodeOf(line, scan.code)?.units ?? 1))
}

function atSerial(seen: Seen): Verdict {
  const { line, scan } = seen
  if (line.serials.includes(scan.code)) return refuse('serial_twice', { scanned: scan.code })
  return counted(seen, { ...line, serials: [...line.serials, scan.code] }, 1)
}

function counted(seen: Seen, line: LineView, units: number): Verdict {
  if (seen.task.kind === 'count') return { task: advanced(seen, { ...line, counted: units }) }
  const left = line.quantity - line.counted
  if (units > left) return refuse('too_many', { sku: line.sku, left, scanned: units })
  if ((seen.scan.quantity ?? 0) >= UNUSUAL && !seen.scan.sure) {
    return refuse('unusual_quantity', { sku: line.sku, quantity: units })
  }
  const fuller = { ...line, counted: line.counted + units }
  return { task: fuller.counted === fuller.quantity ? advanced(seen, fuller) : withLine(seen.task, fuller) }
}

function atTote(seen: Seen): Verdict {
  const { line, scan, task } = seen
  const slot = slotOf(task, line)
  if (slot?.tote && scan.code !== slot.tote && scan.code !== slot.tote_code) {
    const foreign = task.slots.some((each) => each.tote === scan.code && each.shipment !== slot.shipment)
    return refuse(foreign ? 'tote_of_other_order' : 'wrong_tote', { expected: slot.tote_code, scanned: scan.code })
  }
  const other = task.slots.find((each) => each.tote === scan.code && each.slot !== line.slot)
  if (other) return refuse('tote_of_other_order', { scanned: scan.code, order: other.order })
  const notTote = task.lines.some((each) => each.bin_code === scan.code || barcodeOf(each, scan.code))
  if (notTote) return refuse('wrong_tote', { expected: slot?.tote_code ?? '', scanned: scan.code })
  return { task: advanced({ ...seen, task: withTote(task, line.slot, scan.code) }) }
}

const AT: Readonly<Record<Scan['step'], (seen: Seen) => Verdict>> = {
  bin: atBin,
  sku: atSku,
  lot: atLot,
  serial: atSerial,
  tote: atTote,
}
