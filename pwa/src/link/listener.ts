// What the device's end of the wire is told and tells.
import type { Notice, Progress, Rejected, Result, TaskView, Welcome } from '../protocol.gen'
import type { Database, Entry } from './database'
import type { Timing } from './socket'

export type Outcome = { readonly ok: true; readonly result: Result | null } | { readonly ok: false; readonly rejected: Rejected }

export interface Listener {
  changed?(): void
  welcome?(frame: Welcome): void
  progress?(frame: Progress): void
  notice?(frame: Notice): void
  refused?(frame: Rejected, entry: Entry): void
  /** The server knows nobody here any more; `why` is its refusal code. */
  signedOut?(why: string): void
  tooOld?(): void
  nonsense?(): void
  /** The server's clock less this device's (ms). */
  clock?(ahead: number): void
  /** The server changed tasks by itself: how they were here, and how they are now. */
  pushed?(before: readonly TaskView[], now: readonly TaskView[]): void
}

export interface Options {
  readonly url: string
  readonly database: Database
  readonly listener: Listener
  readonly timing?: Timing
  readonly make?: (url: string) => WebSocket
  readonly now?: () => number
}
