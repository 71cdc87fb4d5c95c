// How a task looks once an operation has gone through. The outbox is laid over the server's state with it, so an
// operation that does not fit (any more) changes nothing.
import type { Command, LineView, TaskView } from '../protocol.gen'
import { isRefused, scanned } from './advance'
import { inOrder, withLine, withTote } from './lines'
import { first, isKind } from './steps'

type Applied = TaskView | undefined
type Apply<C> = (task: TaskView, command: C, user: string) => Applied
type Picking = Extract<Command, { task: string }>
type Table = { readonly [K in Picking['do']]: Apply<Extract<Picking, { do: K }>> }

function changeLine(task: TaskView, id: string, change: (line: LineView) => LineView): TaskView {
  const line = task.lines.find((each) => each.id === id)
  return line ? withLine(task, change(line)) : task
}

function restarted(task: TaskView, line: LineView): LineView {
  return { ...line, step: isKind(task.kind) ? first(task.kind) : line.step, counted: 0, serials: [] }
}

function taken(task: TaskView, user: string): TaskView {
  return { ...task, state: 'active', assignee: user }
}

function shorted(line: LineView): LineView {
  return line.counted ? { ...line, quantity: line.counted, step: 'tote' } : { ...line, state: 'short', step: 'done' }
}

const AS: Table = {
  take_task: (task, _, user) => taken(task, user),
  take_over: (task, _, user) => taken(task, user),
  hand_back: () => undefined,
  scan: (task, scan) => {
    const verdict = scanned(task, scan)
    return isRefused(verdict) ? task : verdict.task
  },
  short: (task, { line }) => changeLine(task, line, shorted),
  skip: (task, { line }) =>
    changeLine(task, line, (each) => ({ ...restarted(task, each), sequence: inOrder(task).at(-1)!.sequence + 1 })),
  undo: (task, { line }) => changeLine(task, line, (each) => ({ ...restarted(task, each), state: 'open', picked: 0 })),
  new_tote: (task, { slot, code }) => withTote(task, slot, code),
  zero_check: (task, { line }) =>
    changeLine(task, line, (each) =>
      task.kind === 'count' ? { ...each, state: 'picked', step: 'done', counted: 0, picked: 0 } : { ...each, zero_check: false },
    ),
  acknowledge_withdrawal: (task, { lines }) => ({
    ...task,
    lines: task.lines.map((line) => (lines.includes(line.id) ? { ...line, state: 'withdrawn', step: 'done' } : line)),
  }),
  drop_totes: () => undefined,
  assign_task: (task) => task,
  split_task: (task) => task,
  join_tasks: (task) => task,
}

export function isPicking(command: Command): command is Picking {
  return command.do in AS
}

/** The task after `command`; undefined when it is not this person's any more. */
export function applied(task: TaskView, command: Picking, user: string): Applied {
  return (AS[command.do] as Apply<Picking>)(task, command, user)
}

/**
 * Where a line stands, as one text: an operation is laid over a line only where it found it when it was made. Its turn
 * counts for a skip alone, since the rest of a walk may be found anew while operations wait.
 */
export function mark(task: TaskView | undefined, command: Command): string {
  const line = 'line' in command ? task?.lines.find((each) => each.id === command.line) : undefined
  const turn = command.do === 'skip' ? line?.sequence : ''
  return line ? [line.state, line.step, line.quantity, line.counted, line.picked, turn].join('/') : ''
}
