// Why a task is not in hand any more, as far as the server can be asked, and how to have it back.
import { api } from '../link/api'
import type { Entry } from '../link/database'
import type { TaskView } from '../protocol.gen'
import { t } from '../words'

export async function why(task: TaskView): Promise<string> {
  const heads = await api.tasks(task.site).catch(() => undefined)
  const head = heads?.find((each) => each.id === task.id)
  if (!heads) return ''
  if (!head) return t('taken.nobody')
  return head.assignee ? t('taken.by', { name: head.name }) : t('taken.offered')
}

/** A device that was revoked lost its tasks: before what waits is sent, its person takes up again what nobody else has. */
export async function takeUp(waiting: readonly Entry[], user: string): Promise<void> {
  const mine = waiting.flatMap(({ op }) => (op.by === user && 'task' in op.cmd ? [op.cmd.task] : []))
  for (const task of new Set(mine)) await api.take(task).catch(() => undefined)
}
