// A scanner that types. It is told from a person by its prefix or its speed, and ends with Enter, Tab, a suffix of its
// own or silence.
import type { Source } from './cooldown'

/** Nobody types this fast, and no scanner is slower. */
const FAST_MS = 40
const LEAST_LENGTH = 3

export interface Typed {
  readonly code: string
  readonly source: Source
}

/** How the scanner of this device is set up; '' where it sends nothing of its own. */
export interface WedgeSettings {
  readonly prefix: string
  readonly suffix: string
  /** How long after the last character silence ends a scan (ms). */
  readonly silence: number
}
export const SILENCE_MS = 200
export const PLAIN: WedgeSettings = { prefix: '', suffix: '', silence: SILENCE_MS }

export class Wedge {
  /** What has come and is not ended yet, when its last character came, and where the latest burst begins. */
  text = ''
  private last = 0
  private began = 0
  private from = 0

  constructor(private readonly settings: () => WedgeSettings = () => PLAIN) {}

  /** All the text after a change: characters come singly, or at once from an input method. Gives what a suffix ended. */
  changed(text: string, at: number): readonly Typed[] {
    if (text === this.text) return []
    if (!text.startsWith(this.text)) this.from = text.length // a person corrects what they typed
    else if (!this.text || at - this.last > this.settings().silence) {
      this.from = this.text.length
      this.began = at
    }
    this.text = text
    this.last = at
    return this.cut(this.settings().suffix)
  }

  /** Enter or Tab was pressed: what was scanned, without what a person had left there, or what was typed. */
  ended(): readonly Typed[] {
    const { prefix } = this.settings()
    const marked = prefix ? this.text.lastIndexOf(prefix) : -1
    const isScan = marked >= 0 || this.isFast()
    const code = marked >= 0 ? this.text.slice(marked + prefix.length) : isScan ? this.text.slice(this.from) : this.text
    this.clear()
    return code.trim() ? [{ code, source: isScan ? 'wedge' : 'typed' }] : []
  }

  /** Silence ends only what came as fast as a scanner. */
  silent(at: number): readonly Typed[] {
    return at - this.last >= this.settings().silence && this.isFast() ? this.ended() : []
  }

  isFast(): boolean {
    const length = this.text.length - this.from
    return length >= LEAST_LENGTH && this.last - this.began <= FAST_MS * (length - 1)
  }

  clear(): void {
    this.text = ''
    this.from = 0
  }

  private cut(suffix: string): readonly Typed[] {
    const found: Typed[] = []
    while (suffix && this.text.includes(suffix)) {
      const end = this.text.indexOf(suffix)
      const rest = this.text.slice(end + suffix.length)
      this.text = this.text.slice(0, end)
      found.push(...this.ended())
      this.text = rest
    }
    return found
  }
}
