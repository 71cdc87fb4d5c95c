// A span of time in words, in the largest unit that fits.
import { plural, t } from '../../words'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export function span(ms: number): string {
  if (ms >= DAY - HOUR) return plural('clock.day', 'clock.days', Math.round(ms / DAY))
  if (ms >= HOUR) return plural('clock.hour', 'clock.hours', Math.round(ms / HOUR))
  return t('clock.minutes', { n: Math.max(1, Math.round(ms / MINUTE)) })
}
