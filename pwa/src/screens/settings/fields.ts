// The numbers of a site's policy: how they are shown, and what the server takes.
import type { Policy } from '../../link/office'
import type { Key } from '../../words'

export interface Field {
  readonly name: string
  /** What is shown times this is what is stored: percent for parts per million. */
  readonly factor: number
  readonly least: number
  readonly most: number
  readonly step: number
}
const whole = (name: string, least: number, most = 1_000_000_000): Field => ({ name, factor: 1, least, most, step: 1 })

export const FLAGS = ['confirm_tote', 'trust_tote', 'zero_check', 'zoned'] as const
export const NUMBERS: readonly (readonly [Key, readonly Field[]])[] = [
  [
    'settings.weight',
    [
      whole('weight_floor_g', 0),
      { name: 'weight_relative_ppm', factor: 10_000, least: 0, most: 100, step: 0.01 },
      { name: 'weight_sigmas_milli', factor: 1_000, least: 0, most: 100, step: 0.1 },
      whole('filler_g', 0),
    ],
  ],
  ['settings.trolley', [whole('trolley_totes', 1), whole('trolley_lines', 1), whole('tote_volume_cm3', 1), whole('tote_weight_g', 1), whole('unusual_quantity', 1)]],
]

export const shown = (field: Field, policy: Policy): number => Number(policy[field.name]) / field.factor
export const stored = (field: Field, value: number): number => Math.round(value * field.factor)

const HOUR = 60
const two = (n: number): string => String(n).padStart(2, '0')
export const clockOf = (minute: number): string => `${two(Math.floor(minute / HOUR))}:${two(minute % HOUR)}`
export function minuteOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return hours * HOUR + minutes
}
