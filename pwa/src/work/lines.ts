// Questions about a task and its lines.
import type { BarcodeView, LineView, SlotView, TaskView } from '../protocol.gen'
import { candidates } from '../scan/codes'

export const CLOSED: ReadonlySet<string> = new Set(['picked', 'short', 'withdrawn'])

export function inOrder(task: TaskView): readonly LineView[] {
  return [...task.lines].sort((a, b) => a.sequence - b.sequence)
}

/** The line to work on now: the first open one of the walk. */
export function current(task: TaskView): LineView | undefined {
  return inOrder(task).find((line) => line.state === 'open')
}

export function next(task: TaskView, line: LineView): LineView | undefined {
  return inOrder(task).find((each) => each.state === 'open' && each.id !== line.id)
}

export function withdrawn(task: TaskView): readonly LineView[] {
  return task.lines.filter((line) => line.state === 'withdrawing')
}

/** A bin that should be empty now, and nobody has said so yet. */
export function toZeroCheck(task: TaskView): LineView | undefined {
  return task.kind === 'pick' ? task.lines.find((line) => line.zero_check && line.state === 'picked') : undefined
}

export function lastDone(task: TaskView): LineView | undefined {
  const begun = current(task)
  if (begun && (begun.counted > 0 || begun.step !== 'bin')) return begun
  return inOrder(task).filter((line) => line.state === 'picked').at(-1)
}

export function done(task: TaskView): number {
  return task.lines.filter((line) => CLOSED.has(line.state)).length
}

/** Its last scan ends a return or a count; a pick ends with its totes at their place. */
export function isOver(task: TaskView): boolean {
  return task.kind !== 'pick' && task.lines.length > 0 && done(task) === task.lines.length
}

export function slotOf(task: TaskView, line: LineView): SlotView | undefined {
  return task.slots.find((slot) => slot.slot === line.slot)
}

/** The line's barcode that a scanned text means. */
export function barcodeOf(line: LineView, code: string): BarcodeView | undefined {
  const keys = candidates(code)
  return line.barcodes.find((barcode) => keys.includes(barcode.code) || candidates(barcode.code).some((k) => keys.includes(k)))
}

export function withLine(task: TaskView, line: LineView): TaskView {
  return { ...task, lines: task.lines.map((each) => (each.id === line.id ? line : each)) }
}

export function withTote(task: TaskView, slot: number, code: string): TaskView {
  const slots = task.slots.map((each) => (each.slot === slot ? { ...each, tote: code, tote_code: code } : each))
  return { ...task, slots }
}
