// What any scale shows, whatever it speaks. scanner_client/scale reads the same; both are tried by the same vectors.
export type Status = 'ok' | 'busy' | 'overload' | 'underload' | 'wrong_unit' | 'offline'

/** Whole grams, whether it had settled, what it said; `grams` means something only where `status` is ok. */
export interface Shown {
  readonly grams: number
  readonly stable: boolean
  readonly status: Status
  readonly raw: string
}

/** The scale said something that is no reading, or that it has a fault. */
export class ScaleFault extends Error {}

const GRAMS: ReadonlyMap<string, number> = new Map([
  ['mg', 0.001],
  ['g', 1],
  ['kg', 1_000],
  ['lb', 453.59237],
  ['oz', 28.349523125],
])
/** What is lost in binary fractions must not turn a half downwards. */
const HAIR = 1e-9

export function without(status: Status, raw: string, stable = false): Shown {
  return { grams: 0, stable, status, raw }
}

/** A weight in whole grams, halves away from zero; any other unit (pieces, newton) is no weight. */
export function weighed(value: number, unit: string, raw: string, stable: boolean): Shown {
  const grams = GRAMS.get(unit)
  if (grams === undefined) return without('wrong_unit', raw, stable)
  const size = Math.round(Math.abs(value) * grams + HAIR)
  return { grams: value < 0 ? 0 - size : size, stable, status: 'ok', raw }
}

export function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
