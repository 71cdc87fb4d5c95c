// One scan after the other: each is judged against the task as it is once the one before is durable.
import { app } from '../../app.svelte'
import type { Scan } from '../../protocol.gen'
import { isRefused, scanned } from '../../work/advance'
import { current, done } from '../../work/lines'

export interface Wanted {
  readonly code: string
  readonly symbology: string
  readonly quantity?: number
  readonly sure?: boolean
}

/** Asked before an unusual quantity counts. */
export type Unusual = (again: () => void, quantity: number) => void

let last: Promise<void> = Promise.resolve()

export function scanInTurn(taskId: string, wanted: Wanted, unusual: Unusual): Promise<void> {
  last = last.then(() => scanNow(taskId, wanted, unusual)).catch((error: unknown) => fail(error))
  return last
}

async function scanNow(taskId: string, wanted: Wanted, unusual: Unusual): Promise<void> {
  const task = app.tasks.find((each) => each.id === taskId)
  const line = task && current(task)
  if (!task || !line) return
  const scan: Scan = { do: 'scan', task: task.id, line: line.id, step: line.step as Scan['step'], ...wanted }
  const verdict = scanned(task, scan)
  if (!isRefused(verdict)) {
    await app.perform(scan)
    app.right(done(verdict.task) === task.lines.length ? 'done' : 'success')
    return
  }
  app.wrong(verdict.code, verdict.facts)
  if (verdict.code === 'unusual_quantity') unusual(() => void scanInTurn(taskId, { ...wanted, sure: true }, unusual), wanted.quantity ?? 0)
  else await app.perform(scan, true)
}

/** The device could not store the scan: it did not happen, and must not look as if it had. */
function fail(error: unknown): void {
  console.error(error)
  app.wrong('disk_full', {})
}
