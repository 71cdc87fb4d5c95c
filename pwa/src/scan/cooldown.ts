// The same code again within its cool-down is neither right nor wrong. Per code: another one is never held up.
export type Sighting = 'new' | 'again' | 'quiet'

/** By where it comes from: a camera sees a label until it is out of view, a trigger is pulled twice by mistake. */
export const COOL_DOWN_MS = { camera: 1_500, wedge: 250, typed: 0 } as const
export type Source = keyof typeof COOL_DOWN_MS

export class Cooldown {
  private readonly seen = new Map<string, { at: number; told: boolean }>()
  private latest = ''

  /** 'again' is said once, then the code stays quiet until it was out of view for its cool-down. */
  see(code: string, source: Source, at: number): Sighting {
    // A trigger pulled twice by mistake reads the same code twice in a row; with another one between it was meant.
    const last = source === 'camera' || this.latest === code ? this.seen.get(code) : undefined
    this.latest = code
    if (!last || at - last.at >= COOL_DOWN_MS[source]) {
      this.seen.set(code, { at, told: false })
      return 'new'
    }
    const still = source === 'camera' && (last.told || at - last.at <= SAME_VIEW_MS)
    this.seen.set(code, { at, told: last.told || !still })
    return still ? 'quiet' : 'again'
  }
}

/** Frames follow each other faster than this while a label stays in view. */
const SAME_VIEW_MS = 400
