// One scan after the other: each is judged against the task as it is once the one before is durable.
import { app } from '../../app.svelte'
import type { Scan } from '../../protocol.gen'
import { expected, isRefused, scanned } from '../../work/advance'
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

/** Do one thing after the other, in the order they were asked for; what fails is said. */
export function inTurn(act: () => Promise<void>): Promise<void> {
  last = last.then(act).catch((error: unknown) => app.failed(error))
  return last
}

export function scanInTurn(taskId: string, wanted: Wanted, unusual: Unusual): Promise<void> {
  return inTurn(() => scanNow(taskId, wanted, unusual))
}

/** What was scanned can be no code: it is kept as a scan that was refused here. */
export function faultyInTurn(taskId: string, code: string, symbology: string): Promise<void> {
  return inTurn(async () => {
    const scan = scanOf(taskId, { code, symbology })
    if (scan) await app.perform(scan, true)
  })
}

/** Whether a code is the one that the task in hand wants next; never where any would do, such as a new serial. */
export function isWanted(taskId: string, code: string): boolean {
  const task = app.tasks.find((each) => each.id === taskId)
  const line = task && current(task)
  const scan = scanOf(taskId, { code, symbology: '' })
  return Boolean(line && scan && expected(task, line) && !isRefused(scanned(task, scan)))
}

function scanOf(taskId: string, wanted: Wanted): Scan | undefined {
  const task = app.tasks.find((each) => each.id === taskId)
  const line = task && current(task)
  return line && { do: 'scan', task: taskId, line: line.id, step: line.step as Scan['step'], ...wanted }
}

async function scanNow(taskId: string, wanted: Wanted, unusual: Unusual): Promise<void> {
  const task = app.tasks.find((each) => each.id === taskId)
  const scan = scanOf(taskId, wanted)
  if (!task || !scan) return app.wrong('no_scan_here', { scanned: wanted.code })
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
