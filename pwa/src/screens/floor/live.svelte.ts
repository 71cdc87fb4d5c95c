// The floor as the socket tells it, drawn at most once a frame of the screen.
import type { PickerView, Progress, RefusalCount, StationView, WaveView } from '../../protocol.gen'
import { steady } from './steady'

const SECOND = 1_000

export class Live {
  told = $state(false)
  /** The server's clock, to the second: ages are shown no finer. */
  now = $state(0)
  waves = $state.raw<readonly WaveView[]>([])
  pickers = $state.raw<readonly PickerView[]>([])
  stations = $state.raw<readonly StationView[]>([])
  refusals = $state.raw<readonly RefusalCount[]>([])
  private next: Progress | undefined
  private frame = 0

  take(progress: Progress): void {
    this.next = progress
    this.frame ||= requestAnimationFrame(() => this.draw())
  }

  stop(): void {
    cancelAnimationFrame(this.frame)
    this.frame = 0
  }

  private draw(): void {
    this.frame = 0
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
