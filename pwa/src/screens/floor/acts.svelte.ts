// What a supervisor does: sent, acknowledged on the screen, and for some seconds taken back with one tap.
import { app } from '../../app.svelte'
import type { Command, Result } from '../../protocol.gen'

const UNDO_MS = 8_000

export interface Act {
  readonly cmd: Command
  /** What was done, in words. */
  readonly words: string
  /** The command that takes it back, once the answer is known. */
  readonly back?: (result: Result | null) => Command | undefined
}
export interface Done {
  readonly words: string
  readonly state: 'sent' | 'done' | 'undone'
  readonly back?: Command | undefined
}

export class Acts {
  last = $state.raw<Done | null>(null)
  private timer: ReturnType<typeof setTimeout> | undefined

  async run({ cmd, words, back }: Act): Promise<boolean> {
    this.show({ words, state: 'sent' })
    const result = await app.ask(cmd)
    if (result === undefined) this.show(null)
    else this.show({ words, state: 'done', back: back?.(result) }, UNDO_MS)
    return result !== undefined
  }

  async undo(): Promise<void> {
    const { last } = this
    if (!last?.back) return
    this.show({ words: last.words, state: 'sent' })
    const result = await app.ask(last.back)
    this.show(result === undefined ? null : { words: last.words, state: 'undone' }, UNDO_MS / 2)
  }

  stop(): void {
    clearTimeout(this.timer)
  }

  private show(done: Done | null, ms = 0): void {
    clearTimeout(this.timer)
    this.last = done
    if (ms) this.timer = setTimeout(() => (this.last = null), ms)
  }
}
