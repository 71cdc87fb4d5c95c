// The last hour by the minute: read once, then counted on from what the socket tells.
import { api, type Pace as Told } from '../../link/api'
import type { PickerView } from '../../protocol.gen'

export const MINUTE = 60_000
const MINUTES = 60
/** Minutes of a person's line. */
const RECENT = 20

export class Pace {
  /** The begin of the first of the minutes (ms). */
  since = $state(0)
  scans = $state.raw<readonly number[]>([])
  refusals = $state.raw<readonly number[]>([])
  /** Each person's whole minutes of late. */
  people = $state.raw<ReadonlyMap<string, readonly number[]>>(new Map())
  drops = $state.raw<Told['drops']>([])
  private seen: { readonly scans: number; readonly refusals: number } | undefined

  async read(site: string): Promise<void> {
    const told = await api.pace(site)
    this.since = told.since
    this.scans = told.scans
    this.refusals = told.refusals
    this.people = new Map(told.people.map(({ user, scans }) => [user, scans.slice(-RECENT - 1, -1)]))
    this.drops = told.drops
    this.seen = undefined
  }

  /** Add what was scanned since the last time to the minute that runs. False when a new minute has begun. */
  count(pickers: readonly PickerView[], now: number): boolean {
    const total = { scans: 0, refusals: 0 }
    for (const { scans, refusals } of pickers) {
      total.scans += scans
      total.refusals += refusals
    }
    const before = this.seen ?? total
    this.seen = total
    this.scans = plus(this.scans, total.scans - before.scans)
    this.refusals = plus(this.refusals, total.refusals - before.refusals)
    return now < this.since + MINUTES * MINUTE
  }
}

function plus(minutes: readonly number[], more: number): readonly number[] {
  if (more <= 0 || !minutes.length) return minutes
  return [...minutes.slice(0, -1), minutes.at(-1)! + more]
}
