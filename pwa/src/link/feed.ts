// What the server last told, and how it changes. Pure: the gap check and the rule that state is replaced only after
// the replay are here.
import type { Changed, TaskView } from '../protocol.gen'
import { applied, isPicking, mark } from '../work/apply'
import type { Entry, Told } from './database'

export const NOTHING: Told = { position: 0, tasks: [] }

export type Heard =
  | { readonly do: 'keep'; readonly told: Told }
  /** There is a gap: say hello again with the position that we have. */
  | { readonly do: 'hello' }
  /** Operations are still on their way: ask for the snapshot again once they are answered. */
  | { readonly do: 'later' }

export function heard(told: Told, frame: Changed, waiting: number): Heard {
  if (frame.snapshot) {
    return waiting ? { do: 'later' } : { do: 'keep', told: { position: frame.until, tasks: frame.tasks } }
  }
  if (frame.since !== told.position) return { do: 'hello' }
  return { do: 'keep', told: { position: frame.until, tasks: merged(told.tasks, frame) } }
}

function merged(tasks: readonly TaskView[], frame: Changed): readonly TaskView[] {
  const fresh = new Map(frame.tasks.map((task) => [task.id, task]))
  const gone = new Set(frame.gone)
  const stayed = tasks.filter((task) => !gone.has(task.id)).map((task) => fresh.get(task.id) ?? task)
  const known = new Set(tasks.map((task) => task.id))
  return [...stayed, ...frame.tasks.filter((task) => !known.has(task.id))]
}

/** Lay operations over the tasks, each only where it finds its line as it was when it was made. */
export function laid(tasks: readonly TaskView[], entries: readonly Entry[]): readonly TaskView[] {
  return entries.reduce(lay, tasks)
}

function lay(tasks: readonly TaskView[], { op, mark: was, told }: Entry): readonly TaskView[] {
  const { cmd, by } = op
  if (told || !isPicking(cmd)) return tasks
  return tasks.flatMap((task) => {
    if (task.id !== cmd.task || mark(task, cmd) !== was) return [task]
    return applied(task, cmd, by) ?? []
  })
}
