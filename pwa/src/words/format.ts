// Numbers, times and weights as people read them. What the server sends stays in ms, grams and minor units.
const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const DAY = new Intl.DateTimeFormat(undefined, { day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const COUNT = new Intl.NumberFormat()

export const clock = (at: number): string => (at ? CLOCK.format(at) : '–')
export const moment = (at: number): string => (at ? DAY.format(at) : '–')
export const count = (n: number): string => COUNT.format(n)

export function weight(grams: number): string {
  if (grams < 0) return '–'
  return grams < 1_000 ? `${grams} g` : `${(grams / 1_000).toFixed(3)} kg`
}

export function distance(mm: number): string {
  return `${COUNT.format(Math.round(mm / 1_000))} m`
}

export function money(minor: number, currency: string): string {
  if (!currency) return ''
  const format = new Intl.NumberFormat(undefined, { style: 'currency', currency })
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2
  return format.format(minor / 10 ** digits)
}

/** How long ago, short: 12 s, 4 min, 2 h. */
export function age(at: number, now: number): string {
  if (!at) return '–'
  const seconds = Math.max(0, Math.round((now - at) / 1_000))
  if (seconds < 90) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 90 ? `${minutes} min` : `${Math.round(minutes / 60)} h`
}
