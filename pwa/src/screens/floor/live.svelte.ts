// The floor as the socket tells it, drawn in a frame of the screen, no oftener than an eye can follow.
import type { PickerView, Progress, RefusalCount, StationView, WaveView } from '../../protocol.gen'
import { steady } from './steady'

const SECOND = 1_000
const REST_MS = 200

export class Live {
  told = $state(false)
  /** The server's clock, to the second: ages are shown no finer. */
  now = $state(0)
  waves = $state.raw<readonly WaveView[]>([])
  pickers = $state.raw<readonly PickerView[]>([])
  stations = $state.raw<readonly StationView[]>([])
  refusals = $state.raw<readonly RefusalCount[]>([])
  private next: Progress | undefined
  private drawn = -REST_MS
  private timer: ReturnType<typeof setTimeout> | undefined
  private frame = 0

  take(progress: Progress): void {
    this.next = progress
    const rest = this.drawn + REST_MS - performance.now()
    this.timer ??= setTimeout(() => (this.frame = requestAnimationFrame(() => this.draw())), Math.max(0, rest))
  }

  stop(): void {
    clearTimeout(this.timer)
    cancelAnimationFrame(this.frame)
  }

  private draw(): void {
    this.timer = undefined
    this.drawn = performance.now()
    if (!this.next) return
    const { at, waves, pickers, stations, refusals } = this.next
    this.told = true
    this.now = Math.floor(at / SECOND) * SECOND
    this.waves = steady(this.waves, waves, 'id')
    this.pickers = steady(this.pickers, pickers, 'user')
    this.stations = steady(this.stations, stations, 'id')
    this.refusals = steady(this.refusals, refusals, 'code')
  }
}
