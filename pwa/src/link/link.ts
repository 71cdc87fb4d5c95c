// The device's end of the wire: operations go out in order, their answers come back, tasks follow the server.
import { PROTOCOL, type Command, type Rejected, type ServerFrame, type TaskView, type Watch } from '../protocol.gen'
import { mark } from '../work/apply'
import { keep, kept, type Entry, type Told } from './database'
import { heard, laid, NOTHING } from './feed'
import type { Listener, Options, Outcome } from './listener'
import { Outbox } from './outbox'
import { Presence } from './presence'
import { Socket } from './socket'

/** Operations that may be on their way at once. */
const WINDOW = 16
const BUSY_MS = 1_000
/** No answers: nothing was stored, and the operation is sent again. */
const NOT_YET: ReadonlySet<string> = new Set(['busy', 'disk_full'])

export class Link {
  told: Told = NOTHING
  /** The tasks as this device sees them: what the server told, with what waits to be sent laid over it. */
  tasks: readonly TaskView[] = []
  readonly presence: Presence
  private readonly socket: Socket
  private readonly asked = new Map<string, (outcome: Outcome) => void>()
  private work: Promise<unknown> = Promise.resolve()
  private greeted = false
  private sentUpTo = 0
  private wantsSnapshot = false
  private watching: Watch | undefined

  private constructor(
    private readonly options: Options,
    readonly outbox: Outbox,
  ) {
    this.presence = new Presence(() => this.listener.changed?.())
    const ears = {
      opened: () => void this.inTurn(() => this.hello()),
      frame: (frame: ServerFrame) => void this.inTurn(() => this.hear(frame)),
      missed: () => this.missed(),
      nonsense: () => this.listener.nonsense?.(),
      refused: (code: number, why: string) => code === 4401 && this.listener.signedOut?.(why),
      waiting: () => outbox.waiting.length,
    }
    this.socket = new Socket(options.url, ears, options.timing, options.make)
  }

  static async open(options: Options): Promise<Link> {
    const link = new Link(options, await Outbox.open(options.database, options.now))
    link.told = (await kept<Told>(options.database, 'told')) ?? NOTHING
    link.look()
    return link
  }

  private now(): number {
    return (this.options.now ?? Date.now)()
  }

  get listener(): Listener {
    return this.options.listener
  }

  start(): void {
    this.socket.start()
  }

  stop(): void {
    this.greeted = false
    this.socket.stop()
  }

  /** Resolves once nothing is being stored any more. */
  async settled(): Promise<void> {
    await this.work
  }

  /** Coming back from sleep: find out at once whether the socket lives. */
  wake(): void {
    if (this.greeted) this.socket.ping()
  }

  /** Forget what another person was told; what waits to be sent stays. */
  async forget(): Promise<void> {
    await this.inTurn(() => this.replace(NOTHING))
  }

  watch(frame: Watch): void {
    this.watching = frame.what === 'none' ? undefined : frame
    if (this.greeted) this.socket.send(frame)
  }

  /** Make an operation. It resolves once it is durable here; the answer comes later. */
  async perform(cmd: Command, by: string, told = false): Promise<Entry> {
    const entry = await this.inTurn(async () => {
      const task = 'task' in cmd ? this.tasks.find((each) => each.id === cmd.task) : undefined
      const added = await this.outbox.add({ cmd, by, told, mark: mark(task, cmd) })
      this.tasks = laid(this.tasks, [added])
      return added
    })
    this.listener.changed?.()
    this.flush()
    return entry
  }

  /** Make an operation and wait for the server's answer, for stations that cannot go on without it. */
  async ask(cmd: Command, by: string): Promise<Outcome> {
    const entry = await this.perform(cmd, by)
    return new Promise((resolve) => this.asked.set(entry.op.op_id, resolve))
  }

  private inTurn<T>(act: () => Promise<T>): Promise<T> {
    const mine = this.work.then(act)
    this.work = mine.catch((error: unknown) => console.error(error))
    return mine
  }

  private missed(): void {
    this.greeted = false
    this.presence.missed()
  }

  private async hello(): Promise<void> {
    this.greeted = false
    const seq = this.outbox.lastSeq
    const position = this.wantsSnapshot ? 0 : this.told.position
    this.socket.send({ t: 'hello', protocol: PROTOCOL, position, seq, waiting: this.outbox.waiting.length })
  }

  private async hear(frame: ServerFrame): Promise<void> {
    if (frame.t !== 'error') this.presence.answered()
    await (this.on[frame.t] as (frame: ServerFrame) => Promise<void> | void)(frame)
  }

  private readonly on: { readonly [K in ServerFrame['t']]: (frame: Extract<ServerFrame, { t: K }>) => Promise<void> | void } = {
    welcome: async (frame) => {
      await this.outbox.goOnAfter(frame.seq)
      this.greeted = true
      this.sentUpTo = 0
      this.listener.welcome?.(frame)
      if (this.watching) this.socket.send(this.watching)
      this.flush()
    },
    changed: async (frame) => {
      if (!this.greeted || (this.wantsSnapshot && !frame.snapshot)) return
      const next = heard(this.told, frame, this.outbox.waiting.length)
      if (next.do === 'later') this.wantsSnapshot = true
      if (next.do === 'hello') await this.hello()
      if (next.do !== 'keep') return
      if (frame.snapshot) this.wantsSnapshot = false
      const before = this.told.position ? this.tasks : undefined
      await this.replace(next.told)
      if (before) this.listener.pushed?.(before, this.tasks)
    },
    committed: async (frame) => {
      const entry = this.outbox.find(frame.op_id)
      if (entry) await this.settle(entry)
      this.answer(frame.op_id, { ok: true, result: frame.result })
    },
    rejected: async (frame) => {
      const entry = await this.outbox.rejected(frame.op_id, frame.code, frame.facts)
      this.look()
      if (entry && !entry.told) await this.refuse(frame, entry)
      await this.drained()
    },
    expected: async ({ seq }) => {
      const oldest = this.outbox.waiting[0]
      if (oldest && oldest.seq > seq) this.socket.send({ t: 'lost', seq: oldest.seq })
      this.sentUpTo = seq - 1
      if (!oldest || oldest.seq <= seq) this.flush()
    },
    progress: (frame) => this.listener.progress?.(frame),
    notice: (frame) => this.listener.notice?.(frame),
    error: (frame) => {
      if (frame.code === 'old_client') this.listener.tooOld?.()
      if (NOT_YET.has(frame.code)) setTimeout(() => this.resend(Number(frame.facts['seq'])), BUSY_MS)
    },
    pong: (frame) => this.listener.clock?.(frame.at - this.now()),
  }

  /** A committed operation becomes part of what the server told, unless that shows it already: what is seen stays. */
  private async settle(entry: Entry): Promise<void> {
    if (entry.told) this.wantsSnapshot = true
    const told = { ...this.told, tasks: laid(this.told.tasks, [entry]) }
    await this.outbox.committed(entry, told)
    this.told = told
    await this.drained()
  }

  private async refuse(frame: Rejected, entry: Entry): Promise<void> {
    this.wantsSnapshot ||= 'task' in entry.op.cmd
    if (this.asked.has(frame.op_id)) await this.outbox.dismiss(frame.op_id)
    else this.listener.refused?.(frame, entry)
    this.answer(frame.op_id, { ok: false, rejected: frame })
  }

  private async drained(): Promise<void> {
    this.flush()
    if (this.wantsSnapshot && !this.outbox.waiting.length) await this.hello()
    this.listener.changed?.()
  }

  private answer(op_id: string, outcome: Outcome): void {
    this.asked.get(op_id)?.(outcome)
    this.asked.delete(op_id)
  }

  private async replace(told: Told): Promise<void> {
    await keep(this.options.database, 'told', told)
    this.told = told
    this.look()
    this.listener.changed?.()
  }

  private look(): void {
    this.tasks = laid(this.told.tasks, this.outbox.waiting)
  }

  private resend(seq: number): void {
    this.sentUpTo = Math.min(this.sentUpTo, seq - 1)
    this.flush()
  }

  /** Send what waits, in order, a window at a time. */
  private flush(): void {
    if (!this.greeted) return
    for (const { op } of this.outbox.waiting.slice(0, WINDOW)) {
      if (op.seq <= this.sentUpTo) continue
      this.socket.send(op)
      this.sentUpTo = op.seq
    }
  }
}
