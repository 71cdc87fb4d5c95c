// Numbers, times and weights as people read them in their language. What the server sends stays in ms, grams and minor units.
import { spoken } from './language.svelte'

type Formats = ReturnType<typeof formatsOf>
let made: Formats | undefined

function formatsOf(locale: string) {
  const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  return {
    locale,
    clock: new Intl.DateTimeFormat(locale, time),
    day: new Intl.DateTimeFormat(locale, { day: '2-digit', month: 'short', ...time }),
    count: new Intl.NumberFormat(locale),
    signed: new Intl.NumberFormat(locale, { signDisplay: 'exceptZero' }),
    kilos: new Intl.NumberFormat(locale, { minimumFractionDigits: 3 }),
  }
}

/** Made once for each language: making them takes longer than using them. */
function formats(): Formats {
  if (made?.locale !== spoken.locale) made = formatsOf(spoken.locale)
  return made
}

export const clock = (at: number): string => (at ? formats().clock.format(at) : '–')
export const moment = (at: number): string => (at ? formats().day.format(at) : '–')
export const count = (n: number): string => formats().count.format(n)
export const difference = (grams: number): string => `${formats().signed.format(grams)} g`
export const distance = (mm: number): string => `${count(Math.round(mm / 1_000))} m`

export function weight(grams: number): string {
  if (grams < 0) return '–'
  return grams < 1_000 ? `${grams} g` : `${formats().kilos.format(grams / 1_000)} kg`
}

export function money(minor: number, currency: string): string {
  if (!currency) return ''
  const format = new Intl.NumberFormat(spoken.locale, { style: 'currency', currency })
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2
  return format.format(minor / 10 ** digits)
}

/** How long ago, short: 12 s, 4 min, 2 h. */
export function age(at: number, now: number): string {
  if (!at) return '–'
  const seconds = Math.max(0, Math.round((now - at) / 1_000))
  if (seconds < 90) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 90 ? `${minutes} min` : `${count(Math.round(minutes / 60))} h`
}
