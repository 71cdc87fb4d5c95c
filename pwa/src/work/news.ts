// What the server changed by itself, as far as a picker has to be told of it. Pure.
import type { LineView, TaskView } from '../protocol.gen'
import { isOver } from './lines'

export interface News {
  readonly code: 'task_offered' | 'task_assigned' | 'task_changed' | 'task_gone'
  readonly task: TaskView
}

const OPEN: ReadonlySet<string> = new Set(['open', 'withdrawing'])

export function news(before: readonly TaskView[], now: readonly TaskView[], user: string): readonly News[] {
  const known = new Map(before.map((task) => [task.id, task]))
  const still = new Map(now.map((task) => [task.id, task]))
  const gone = before.filter((task) => isMine(task, user) && !isOver(task) && !isMine(still.get(task.id), user))
  return [
    ...gone.map((task): News => ({ code: 'task_gone', task })),
    ...now.flatMap((task) => told(known.get(task.id), task, user)),
  ]
}

function isMine(task: TaskView | undefined, user: string): boolean {
  return task?.state === 'active' && task.assignee === user
}

function told(before: TaskView | undefined, task: TaskView, user: string): readonly News[] {
  if (isMine(task, user)) {
    if (!isMine(before, user)) return [{ code: 'task_assigned', task }]
    return before!.lines.some((line) => isOtherwise(line, task)) ? [{ code: 'task_changed', task }] : []
  }
  return task.state === 'offered' && before?.state !== 'offered' ? [{ code: 'task_offered', task }] : []
}

/** Lines that were withdrawn are shown by themselves, and asked about. */
function isOtherwise(line: LineView, task: TaskView): boolean {
  if (!OPEN.has(line.state)) return false
  const now = task.lines.find((each) => each.id === line.id)
  return !now || (now.state === 'open' && now.quantity !== line.quantity)
}
