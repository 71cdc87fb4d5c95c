// A scanner that types. It is told from a person by its speed, and ends with Enter, Tab or silence.
import type { Source } from './cooldown'

/** Nobody types this fast, and no scanner is slower. */
const FAST_MS = 40
const LEAST_LENGTH = 3

export interface Typed {
  readonly code: string
  readonly source: Source
}

export class Wedge {
  private text = ''
  private began = 0
  private last = 0

  /** How long after the last character silence ends a scan (ms). */
  static readonly SILENCE_MS = 200

  /** The input's whole text after a change: characters come singly, or at once from an input method. */
  changed(text: string, at: number): void {
    if (!this.text || text.length <= this.text.length) this.began = at
    this.text = text
    this.last = at
  }

  /** Enter or Tab was pressed: what was typed, if anything. */
  ended(): Typed | undefined {
    const code = this.text
    const source = this.isFast() ? 'wedge' : 'typed'
    this.clear()
    return code.trim() ? { code, source } : undefined
  }

  /** Silence ends only what came as fast as a scanner. */
  silent(at: number): Typed | undefined {
    return at - this.last >= Wedge.SILENCE_MS && this.isFast() ? this.ended() : undefined
  }

  clear(): void {
    this.text = ''
  }

  private isFast(): boolean {
    return this.text.length >= LEAST_LENGTH && this.last - this.began <= FAST_MS * (this.text.length - 1)
  }
}
