// What the screens share: who is signed in, the tasks, whether we are online, what was just scanned.
import { SvelteMap } from 'svelte/reactivity'
import { feelOf } from './feel/refusals'
import { play, type Sound } from './feel/sound'
import { api, Problem, type Me } from './link/api'
import { keep, kept, openDatabase, type Database, type Trouble } from './link/database'
import { ulid } from './link/ids'
import { Link, type Listener, type Outcome } from './link/link'
import type { Command, Facts, Notice, Progress, Result, TaskView } from './protocol.gen'
import { Pipeline } from './scan/pipeline'

/** What is shown for a moment after a scan: right, wrong, or already counted. */
export interface Flash {
  readonly id: number
  readonly kind: 'right' | 'wrong' | 'counted' | 'ask'
  readonly code: string
  readonly facts: Facts
}

const RIGHT_MS = 700
const WRONG_MS = 6_000
const MOST_NOTICES = 5

class App {
  ready = $state(false)
  me = $state.raw<Me | null>(null)
  signedIn = $state(false)
  device = $state('')
  tasks = $state.raw<readonly TaskView[]>([])
  waiting = $state(0)
  online = $state(false)
  outdated = $state(false)
  troubles = $state.raw<readonly Trouble[]>([])
  progress = $state.raw<Progress | null>(null)
  notices = $state.raw<readonly Notice[]>([])
  flash = $state.raw<Flash | null>(null)
  readonly chosen = new SvelteMap<string, string>()
  readonly pipeline = new Pipeline(() => this.feel('counted', 'already_counted'))
  private database!: Database
  private link!: Link
  private flashes = 0

  async boot(): Promise<void> {
    this.database = await openDatabase()
    this.device = (await kept<string>(this.database, 'device')) ?? ulid()
    await keep(this.database, 'device', this.device)
    for (const name of ['station', 'carrier', 'theme']) {
      this.chosen.set(name, (await kept<string>(this.database, name)) ?? '')
    }
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
    const url = `${scheme}://${location.host}/live?device=${this.device}`
    this.link = await Link.open({ url, database: this.database, listener: this.listener() })
    const me = await kept<Me>(this.database, 'me')
    this.changed()
    await this.refreshTroubles()
    if (me) this.enter(me)
    this.ready = true
    if (me) await this.verify()
  }

  may(permission: string): boolean {
    const mine = this.me?.permissions ?? []
    return mine.includes(permission) || mine.includes('*')
  }

  async choose(name: string, value: string): Promise<void> {
    this.chosen.set(name, value)
    await keep(this.database, name, value)
  }

  async signedInAs(me: Me): Promise<void> {
    const before = await kept<Me>(this.database, 'me')
    if (before && before.user !== me.user) await this.link.forget()
    await keep(this.database, 'me', me)
    this.enter(me)
  }

  async signOut(): Promise<void> {
    await api.signOut().catch(() => undefined)
    this.signedOut()
    location.hash = ''
  }

  /** Make an operation that needs no answer to go on: it is durable when this resolves. */
  async perform(cmd: Command, told = false): Promise<void> {
    await this.link.perform(cmd, this.me?.user ?? '', told)
  }

  /** Make an operation and show its refusal; gives its result, or undefined when refused. */
  async ask<R extends Result>(cmd: Command, sound: Sound = 'success'): Promise<R | null | undefined> {
    const outcome: Outcome = await this.link.ask(cmd, this.me?.user ?? '')
    if (outcome.ok) {
      this.right(sound)
      return outcome.result as R | null
    }
    this.wrong(outcome.rejected.code, outcome.rejected.facts)
    return undefined
  }

  right(sound: Sound = 'success'): void {
    play(sound)
    navigator.vibrate?.(60)
    this.show({ id: 0, kind: 'right', code: '', facts: {} }, RIGHT_MS)
  }

  wrong(code: string, facts: Facts = {}): void {
    this.feel(feelOf(code).colour, code, facts)
  }

  watch(site: string): void {
    this.link.watch({ t: 'watch', what: site ? 'floor' : 'none', site })
  }

  async dismiss(op_id: string): Promise<void> {
    await this.link.outbox.dismiss(op_id)
    await this.refreshTroubles()
  }

  wake(): void {
    this.link.wake()
  }

  private listener(): Listener {
    return {
      changed: () => this.changed(),
      progress: (frame) => (this.progress = frame),
      notice: (frame) => (this.notices = [frame, ...this.notices].slice(0, MOST_NOTICES)),
      refused: (frame) => {
        this.wrong(frame.code, frame.facts)
        void this.refreshTroubles()
      },
      signedOut: () => this.signedOut(),
      tooOld: () => (this.outdated = true),
    }
  }

  private changed(): void {
    if (!this.link) return
    this.tasks = this.link.tasks
    this.waiting = this.link.outbox.waiting.length
    this.online = this.link.presence.online
  }

  private signedOut(): void {
    this.link.stop()
    this.signedIn = false
  }

  private enter(me: Me): void {
    this.me = me
    this.signedIn = true
    this.link.start()
  }

  /** Offline, the person stays signed in; only the server's no ends it. */
  private async verify(): Promise<void> {
    try {
      await this.signedInAs(await api.me())
    } catch (error) {
      if (error instanceof Problem && error.status === 401) this.signedOut()
    }
  }

  private async refreshTroubles(): Promise<void> {
    this.troubles = await this.link.outbox.troubles()
  }

  private feel(kind: Exclude<Flash['kind'], 'right'>, code: string, facts: Facts = {}): void {
    const { sound, buzz } = feelOf(code)
    play(sound)
    navigator.vibrate?.([...buzz])
    this.show({ id: 0, kind, code, facts }, kind === 'counted' ? RIGHT_MS * 2 : WRONG_MS)
  }

  private show(flash: Flash, ms: number): void {
    this.flashes += 1
    const id = this.flashes
    this.flash = { ...flash, id }
    setTimeout(() => {
      if (this.flash?.id === id) this.flash = null
    }, ms)
  }
}

export const app = new App()
