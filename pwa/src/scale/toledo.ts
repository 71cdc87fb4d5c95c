// Toledo Standard Continuous Output: a scale that is not asked, and says what it shows many times a second. A frame is
// STX, three status words, six digits of weight, six of tare, CR, and a checksum where the scale sends one.
import { hex, ScaleFault, weighed, without, type Shown } from './reading'

export const STX = 0x02
export const CR = 0x0d
export const LENGTH = 17
const WORD_BIT = 0x20
const NEGATIVE = 0x02
const OUT_OF_RANGE = 0x04
const MOVING = 0x08
const METRIC = 0x10
const EXPANDED = 0x10
/** By the third status word; '' is lb or kg, as the second says. */
const UNITS = ['', 'g', 't', 'oz']

/** Read a frame. */
export function parse(frame: Uint8Array): Shown {
  const raw = hex(frame)
  const [first, points = 0, shows = 0, means = 0] = frame
  const digits = String.fromCharCode(...frame.slice(4, 10)).trim()
  const whole = frame.length >= LENGTH && first === STX && frame[LENGTH - 1] === CR
  if (!whole || !(points & shows & means & WORD_BIT) || !/^\d+$/.test(digits) || means & EXPANDED) throw new ScaleFault(raw)
  const negative = Boolean(shows & NEGATIVE)
  if (shows & OUT_OF_RANGE) return without(negative ? 'underload' : 'overload', raw)
  const value = Number(digits) * 10 ** (2 - (points & 0x07))
  const unit = UNITS[means & 0x07] ?? '?'
  return weighed(negative ? -value : value, unit || (shows & METRIC ? 'kg' : 'lb'), raw, !(shows & MOVING))
}
