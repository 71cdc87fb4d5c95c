// Operations on their way: durable before the screen moves, gone only once the server has answered.
import type { Command, Facts, Op } from '../protocol.gen'
import type { Database, Entry, Told, Trouble } from './database'
import { ulid } from './ids'

export interface Draft {
  readonly cmd: Command
  readonly by: string
  readonly mark?: string
  readonly told?: boolean
}

export class Outbox {
  private entries: Entry[] = []
  private last = 0

  private constructor(
    private readonly database: Database,
    private readonly now: () => number,
  ) {}

  static async open(database: Database, now: () => number = Date.now): Promise<Outbox> {
    const outbox = new Outbox(database, now)
    outbox.entries = await database.getAll('outbox')
    outbox.last = ((await database.get('kept', 'seq')) as number | undefined) ?? 0
    return outbox
  }

  get waiting(): readonly Entry[] {
    return this.entries
  }

  /** Store an operation under the device's next number. It resolves once it is durable; nothing is read or waited for
   *  on the way, because a person is. */
  async add(draft: Draft): Promise<Entry> {
    const { cmd, by, mark = '', told = false } = draft
    const seq = this.last + 1
    const at = this.now()
    const op: Op = { t: 'op', op_id: ulid(at), seq, at, by, cmd }
    const entry: Entry = { seq, op, mark, told }
    const work = this.database.transaction(['outbox', 'kept'], 'readwrite', { durability: 'strict' })
    const stored = [work.objectStore('outbox').add(entry), work.objectStore('kept').put(seq, 'seq'), work.done]
    work.commit()
    await Promise.all(stored)
    this.last = seq
    this.entries = [...this.entries, entry]
    return entry
  }

  find(op_id: string): Entry | undefined {
    return this.entries.find((each) => each.op.op_id === op_id)
  }

  /** The server has it: it goes from the outbox into what the server told, in one transaction. */
  async committed(entry: Entry, told: Told): Promise<void> {
    const work = this.database.transaction(['outbox', 'kept'], 'readwrite')
    await Promise.all([work.objectStore('outbox').delete(entry.seq), work.objectStore('kept').put(told, 'told'), work.done])
    this.forget(entry.op.op_id)
  }

  /** The server refused it: it goes from the outbox to the troubles in one transaction. */
  async rejected(op_id: string, code: string, facts: Facts): Promise<Entry | undefined> {
    const entry = this.find(op_id)
    if (!entry) return undefined
    const work = this.database.transaction(['outbox', 'trouble'], 'readwrite', { durability: 'strict' })
    const trouble: Trouble = { op_id, op: entry.op, code, facts, at: this.now() }
    const kept = entry.told ? undefined : work.objectStore('trouble').put(trouble)
    await Promise.all([work.objectStore('outbox').delete(entry.seq), kept, work.done])
    this.forget(op_id)
    return entry
  }

  troubles(): Promise<Trouble[]> {
    return this.database.getAll('trouble')
  }

  async dismiss(op_id: string): Promise<void> {
    await this.database.delete('trouble', op_id)
  }

  get lastSeq(): number {
    return this.last
  }

  /** The server is further than this device knows (its storage was cleared): go on after it. */
  async goOnAfter(seq: number): Promise<void> {
    if (this.entries.length || this.last >= seq) return
    await this.database.put('kept', seq, 'seq')
    this.last = seq
  }

  private forget(op_id: string): void {
    this.entries = this.entries.filter((each) => each.op.op_id !== op_id)
  }
}
