// One way for every scan, whatever read it: cleaned, cooled down, handed to the screen that is open.
import { clean } from './codes'
import { Cooldown, type Source } from './cooldown'

export interface Scanned {
  readonly code: string
  readonly symbology: string
  readonly source: Source
}
export type Handler = (scan: Scanned) => void

export class Pipeline {
  private readonly cooldown = new Cooldown()
  private handlers: Handler[] = []

  constructor(
    private readonly again: () => void,
    private readonly now: () => number = Date.now,
  ) {}

  /** Listen until the returned function is called; the latest listener hears alone. */
  listen(handler: Handler): () => void {
    this.handlers = [...this.handlers, handler]
    return () => {
      this.handlers = this.handlers.filter((each) => each !== handler)
    }
  }

  read(code: string, symbology: string, source: Source): void {
    const text = clean(code)
    if (!text) return
    const sighting = this.cooldown.see(text, source, this.now())
    if (sighting === 'again') this.again()
    if (sighting === 'new') this.handlers.at(-1)?.({ code: text, symbology, source })
  }
}
