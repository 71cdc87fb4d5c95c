// What comes over a serial line, cut into what one scale says at a time: Toledo's frames, or lines of MT-SICS.
import * as mtsics from './mtsics'
import type { Shown } from './reading'
import { CR, LENGTH, parse, STX } from './toledo'

const LF = 0x0a
const MOST = 256

export class Stream {
  /** Whether the scale speaks without being asked. */
  unasked = false
  private bytes: readonly number[] = []

  /** Take what has come; gives what the scale shows by it, and passes over what is no reading. */
  push(more: Uint8Array): readonly Shown[] {
    this.bytes = [...this.bytes, ...more].slice(-MOST)
    const shown: Shown[] = []
    for (let said = this.next(); said; said = this.next()) {
      const reading = read(said)
      if (reading) shown.push(reading)
      this.unasked ||= said[0] === STX && reading !== undefined
    }
    return shown
  }

  private next(): Uint8Array | undefined {
    const start = this.bytes.indexOf(STX)
    const end = this.bytes.indexOf(LF)
    if (start >= 0 && (end < 0 || start < end)) return this.cut(start, start + LENGTH)
    return end < 0 ? undefined : this.cut(0, end + 1)
  }

  private cut(from: number, to: number): Uint8Array | undefined {
    if (this.bytes.length < to) return undefined
    const said = Uint8Array.from(this.bytes.slice(from, to))
    // A frame that is none was begun by chance: what follows its first byte is looked at again.
    const wrong = said[0] === STX && said[LENGTH - 1] !== CR
    this.bytes = this.bytes.slice(wrong ? from + 1 : to)
    return said
  }
}

function read(said: Uint8Array): Shown | undefined {
  try {
    return said[0] === STX ? parse(said) : mtsics.parse(new TextDecoder('latin1').decode(said))
  } catch {
    return undefined
  }
}
