// A span of time in words, in the largest unit that fits.
import { t } from '../../words'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export function span(ms: number): string {
  if (ms >= DAY - HOUR) return t('clock.days', { n: Math.round(ms / DAY) })
  if (ms >= HOUR) return t('clock.hours', { n: Math.round(ms / HOUR) })
  return t('clock.minutes', { n: Math.max(1, Math.round(ms / MINUTE)) })
}
