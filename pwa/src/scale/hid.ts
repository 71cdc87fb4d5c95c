// The weight report of a USB scale (HID Point of Sale): status, unit, power of ten, weight.
import { hex, ScaleFault, weighed, without, type Shown, type Status } from './reading'

/** The HID usage page of scales. */
export const USAGE_PAGE = 0x8d
const LENGTH = 5
const MOVING = 3
const AT_REST: ReadonlySet<number> = new Set([2, 4])
/** Below zero, too much, to be calibrated, to be zeroed. */
const FAULTS: ReadonlyMap<number, Status> = new Map([
  [5, 'underload'],
  [6, 'overload'],
  [7, 'busy'],
  [8, 'busy'],
])
const UNITS: ReadonlyMap<number, string> = new Map([
  [1, 'mg'],
  [2, 'g'],
  [3, 'kg'],
  [11, 'oz'],
  [12, 'lb'],
])

/** Read a report without its number. */
export function parse(report: DataView): Shown {
  const raw = hex(new Uint8Array(report.buffer, report.byteOffset, report.byteLength))
  if (report.byteLength < LENGTH) throw new ScaleFault(raw)
  const status = report.getUint8(0)
  const fault = FAULTS.get(status)
  if (fault) return without(fault, raw)
  if (status !== MOVING && !AT_REST.has(status)) throw new ScaleFault(raw)
  const value = report.getUint16(3, true) * 10 ** report.getInt8(2)
  return weighed(value, UNITS.get(report.getUint8(1)) ?? '?', raw, status !== MOVING)
}
