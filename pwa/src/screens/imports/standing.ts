// How far an import is: done, with or without rejects, under way, or stopped because the server did.
import type { ImportRow } from '../../link/office'
import { t } from '../../words'

const SILENT_MS = 60_000
type Tone = 'right' | 'ask' | 'brand' | 'wrong'

export function standing(row: ImportRow): { readonly words: string; readonly tone: Tone } {
  if (row.done) return row.rejected ? { words: t('import.some'), tone: 'ask' } : { words: t('import.done'), tone: 'right' }
  const silent = Date.now() - row.told_at > SILENT_MS
  return silent ? { words: t('import.stopped'), tone: 'wrong' } : { words: t('import.running'), tone: 'brand' }
}
