// Why a task is not in hand any more, as far as the server can be asked.
import { api } from '../link/api'
import type { TaskView } from '../protocol.gen'
import { t } from '../words'

export async function why(task: TaskView): Promise<string> {
  const heads = await api.tasks(task.site).catch(() => undefined)
  const head = heads?.find((each) => each.id === task.id)
  if (!heads) return ''
  if (!head) return t('taken.nobody')
  return head.assignee ? t('taken.by', { name: head.name }) : t('taken.offered')
}
