// A socket that comes back: pings that must be answered, and a growing pause between attempts.
import type { ClientFrame, ServerFrame } from '../protocol.gen'
import { readFrame } from './frames'

export const PING_MS = 5_000
export const ANSWER_MS = 4_000
const PAUSES = [250, 500, 1_000, 2_000, 4_000, 8_000]
/** Who talks nonsense is not asked again at once: from here on the pauses grow. */
const NONSENSE_ATTEMPT = 3

export interface Ears {
  opened(): void
  frame(frame: ServerFrame): void
  missed(): void
  /** Something came that is no frame of this protocol. */
  nonsense(): void
  /** The server closed with a code of its own, 4401 = not signed in, and says why. */
  refused(code: number, why: string): void
  waiting(): number
}

export interface Timing {
  readonly ping: number
  readonly answer: number
  readonly pauses: readonly number[]
}

export class Socket {
  private socket: WebSocket | undefined
  private attempt = 0
  private pings = 0
  private wanted = false
  private timers = new Set<ReturnType<typeof setTimeout>>()

  constructor(
    private readonly url: string,
    private readonly ears: Ears,
    private readonly timing: Timing = { ping: PING_MS, answer: ANSWER_MS, pauses: PAUSES },
    private readonly make: (url: string) => WebSocket = (address) => new WebSocket(address),
  ) {}

  start(): void {
    this.wanted = true
    if (!this.socket) this.connect()
  }

  stop(): void {
    this.wanted = false
    this.drop()
  }

  send(frame: ClientFrame): void {
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(frame))
  }

  /** Is anybody there? No answer in time means that the socket is dead, whatever it says of itself. */
  ping(): void {
    this.clear()
    this.pings += 1
    this.send({ t: 'ping', n: this.pings, waiting: this.ears.waiting() })
    this.overdue(this.timing.answer)
  }

  private overdue(ms: number): void {
    this.after(ms, () => {
      this.ears.missed()
      this.again()
    })
  }

  private connect(): void {
    const socket = this.make(this.url)
    this.socket = socket
    socket.onopen = () => this.ears.opened()
    socket.onmessage = (event) => this.receive(String(event.data))
    socket.onclose = (event) => {
      if (this.socket !== socket) return
      this.ears.missed()
      if (event.code >= 4400) this.ears.refused(event.code, event.reason)
      this.again()
    }
    this.overdue(this.timing.answer * 2)
  }

  private receive(data: string): void {
    const frame = readFrame(data)
    if (!frame) return this.misheard()
    this.attempt = 0
    this.clear()
    this.after(this.timing.ping, () => this.ping())
    this.ears.frame(frame)
  }

  /** What it said cannot be known: start anew, as after a lost connection. */
  private misheard(): void {
    this.attempt = Math.max(this.attempt, NONSENSE_ATTEMPT)
    this.ears.nonsense()
    this.ears.missed()
    this.again()
  }

  private again(): void {
    this.drop()
    if (!this.wanted) return
    const pause = this.timing.pauses[Math.min(this.attempt, this.timing.pauses.length - 1)] ?? 1_000
    this.attempt += 1
    this.after(pause, () => this.connect())
  }

  private drop(): void {
    this.clear()
    const old = this.socket
    this.socket = undefined
    if (old) old.onmessage = old.onclose = old.onopen = null
    old?.close()
  }

  private after(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer)
      act()
    }, ms)
    this.timers.add(timer)
  }

  private clear(): void {
    for (const timer of this.timers) clearTimeout(timer)
    this.timers.clear()
  }
}
