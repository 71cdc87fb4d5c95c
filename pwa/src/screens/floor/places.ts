// The site's bins as a drawing: one path a kind of place, and where each bin stands in it.
import type { BinPlace } from '../../link/api'
import type { PickerView } from '../../protocol.gen'

export interface Point {
  readonly x: number
  readonly y: number
}
export interface Plan {
  readonly box: string
  readonly width: number
  /** Outlines by kind: racks, and the places where goods come together and leave. */
  readonly racks: string
  readonly stops: string
  readonly aisles: readonly { readonly name: string; readonly at: Point }[]
  readonly unit: number
  readonly at: ReadonlyMap<string, Point>
}
export interface Standing {
  readonly picker: PickerView
  readonly at: Point
  /** The phone is not heard although a task is in hand. */
  readonly dropped: boolean
}

const TURN = 2.4

export function drawn(bins: readonly BinPlace[]): Plan | null {
  if (!bins.length) return null
  const unit = bay(bins)
  const at = new Map(bins.map((bin) => [bin.id, { x: bin.x_mm, y: -bin.y_mm }]))
  const xs = bins.map((bin) => bin.x_mm)
  const ys = bins.map((bin) => -bin.y_mm)
  const [left, top] = [Math.min(...xs) - unit * 1.6, Math.min(...ys) - unit * 2.4]
  const width = Math.max(...xs) - left + unit * 1.6
  const height = Math.max(...ys) - top + unit * 1.6
  const isRack = (bin: BinPlace): boolean => bin.kind === 'pick' || bin.kind === 'bulk'
  const outline = (which: readonly BinPlace[]): string => [...new Set(which.map((bin) => square(at.get(bin.id)!, unit)))].join('')
  const highest = new Map<string, Point>()
  for (const bin of bins.filter((each) => isRack(each) && each.aisle)) {
    const here = at.get(bin.id)!
    const known = highest.get(bin.aisle)
    if (!known || here.y < known.y) highest.set(bin.aisle, here)
  }
  return {
    box: `${left} ${top} ${width} ${height}`,
    width,
    racks: outline(bins.filter(isRack)),
    stops: outline(bins.filter((bin) => !isRack(bin))),
    aisles: [...highest].map(([name, here]) => ({ name, at: { x: here.x, y: here.y - unit * 1.1 } })),
    unit,
    at,
  }
}

/** The usual distance between neighbours along an aisle (mm). */
function bay(bins: readonly BinPlace[]): number {
  const columns = new Map<number, Set<number>>()
  for (const bin of bins) columns.set(bin.x_mm, (columns.get(bin.x_mm) ?? new Set()).add(bin.y_mm))
  const gaps = [...columns.values()].flatMap((column) => {
    const sorted = [...column].sort((one, other) => one - other)
    return sorted.slice(1).map((y, i) => y - sorted[i]!)
  })
  return gaps.sort((one, other) => one - other)[Math.floor(gaps.length / 2)] ?? 1_500
}

function square({ x, y }: Point, unit: number): string {
  const side = unit * 0.84
  return `M${x - side / 2} ${y - side / 2}h${side}v${side}h${-side}z`
}

/** Where people stand: several at one bin stand around it. Who has no task and is not heard has gone home. */
export function standing(plan: Plan, pickers: readonly PickerView[]): readonly Standing[] {
  const here = new Map<string, number>()
  return pickers.flatMap((picker) => {
    const at = plan.at.get(picker.bin)
    if (!at || (!picker.online && !picker.task)) return []
    const before = here.get(picker.bin) ?? 0
    here.set(picker.bin, before + 1)
    const off = before ? plan.unit * 0.42 * Math.sqrt(before) : 0
    const place = { x: at.x + off * Math.cos(before * TURN), y: at.y + off * Math.sin(before * TURN) }
    return [{ picker, at: place, dropped: !picker.online }]
  })
}
