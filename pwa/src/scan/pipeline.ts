// One way for every scan, whatever read it: cleaned, cooled down, handed to the screen that is open.
import { clean, faultOf, shown, type Fault } from './codes'
import { Cooldown, type Source } from './cooldown'

export interface Scanned {
  readonly code: string
  readonly symbology: string
  readonly source: Source
}
export type Handler = (scan: Scanned) => void

/** What a screen does with scans. */
export interface Ears {
  /** Whether a code is what is wanted now: the camera takes it before any other in view. */
  expects?(code: string): boolean
  /** A scan that can mean nothing; the code is what can be kept of it. */
  faulty?: Handler
}

/** What becomes of a scan that no screen is given. */
export interface Elsewhere {
  again(scan: Scanned): void
  fault(fault: Fault, scan: Scanned): void
  unheard(scan: Scanned): void
}

interface Listening extends Ears {
  readonly handle: Handler
}

export class Pipeline {
  private readonly cooldown = new Cooldown()
  private listening: readonly Listening[] = []

  constructor(
    private readonly elsewhere: Elsewhere,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Listen until the returned function is called; the latest listener hears alone. */
  listen(handle: Handler, ears: Ears = {}): () => void {
    const mine: Listening = { ...ears, handle }
    this.listening = [...this.listening, mine]
    return () => {
      this.listening = this.listening.filter((each) => each !== mine)
    }
  }

  expects(code: string): boolean {
    return this.listening.at(-1)?.expects?.(clean(code)) ?? false
  }

  read(code: string, symbology: string, source: Source): void {
    const text = clean(code)
    if (!text) return
    const listener = this.listening.at(-1)
    const fault = faultOf(text)
    const scan = { code: fault ? shown(text) : text, symbology, source }
    const sighting = this.cooldown.see(text, source, this.now())
    if (sighting === 'quiet') return
    if (sighting === 'again') return this.elsewhere.again(scan)
    if (!listener) return this.elsewhere.unheard(scan)
    if (!fault) return listener.handle(scan)
    this.elsewhere.fault(fault, scan)
    listener.faulty?.(scan)
  }
}
