// What is shown, heard and felt for a moment after a scan: right, wrong, already counted, or a question.
import type { Facts } from '../protocol.gen'
import { feelOf } from './refusals'
import { play, type Sound } from './sound'

export interface Flash {
  readonly id: number
  readonly kind: 'right' | 'wrong' | 'counted' | 'ask'
  readonly code: string
  readonly facts: Facts
}

const RIGHT_MS = 700
const WRONG_MS = 6_000

export class Flashes {
  now = $state.raw<Flash | null>(null)
  /** Where it may be shown, the latest on top: what lies under a question is neither seen nor heard. */
  places = $state.raw<readonly symbol[]>([])
  private last = 0

  right(sound: Sound): void {
    play(sound)
    navigator.vibrate?.(60)
    this.show('right', '', {}, RIGHT_MS)
  }

  wrong(code: string, facts: Facts): void {
    const { sound, buzz, colour } = feelOf(code)
    play(sound)
    navigator.vibrate?.([...buzz])
    this.show(colour, code, facts, colour === 'counted' ? RIGHT_MS * 2 : WRONG_MS)
  }

  /** Be where it is shown, until the returned function is called. */
  enter(place: symbol): () => void {
    this.places = [...this.places, place]
    return () => {
      this.places = this.places.filter((each) => each !== place)
    }
  }

  private show(kind: Flash['kind'], code: string, facts: Facts, ms: number): void {
    this.last += 1
    const id = this.last
    this.now = { id, kind, code, facts }
    setTimeout(() => {
      if (this.now?.id === id) this.now = null
    }, ms)
  }
}
