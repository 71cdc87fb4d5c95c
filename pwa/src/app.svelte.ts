// What the screens share: who is signed in, the tasks, whether we are online, what was just scanned.
import { SvelteMap } from 'svelte/reactivity'
import { Flashes } from './feel/flash.svelte'
import { type Sound } from './feel/sound'
import { api, Problem, type Credentials, type Me } from './link/api'
import { keep, kept, openDatabase, type Database, type Trouble } from './link/database'
import { ulid } from './link/ids'
import { Link } from './link/link'
import type { Listener, Outcome } from './link/listener'
import { Tab } from './link/tab'
import type { Command, Facts, Notice, Progress, Result, TaskView } from './protocol.gen'
import { route } from './route.svelte'
import { Ear } from './scan/ear'
import { Pipeline } from './scan/pipeline'
import { SILENCE_MS, type WedgeSettings } from './scan/wedge'
import { takeUp, why } from './work/gone'
import { news, type News } from './work/news'

const MOST_NOTICES = 5
/** How browsers call a storage that takes no more. */
const FULL: ReadonlySet<string> = new Set(['QuotaExceededError', 'UnknownError', 'AbortError'])
/** What this device was told to remember: by who uses it, and that it was revoked. */
const CHOICES = ['station', 'carrier', 'theme', 'contrast', 'prefix', 'suffix', 'silence', 'lens', 'language', 'revoked']

class App {
  ready = $state(false)
  /** Another window of this device works; this one says so. */
  elsewhere = $state(false)
  me = $state.raw<Me | null>(null)
  signedIn = $state(false)
  device = $state('')
  tasks = $state.raw<readonly TaskView[]>([])
  waiting = $state(0)
  online = $state(false)
  outdated = $state(false)
  /** The server's clock less this device's (ms); null until it was compared. */
  clockOff = $state<number | null>(null)
  /** Why a task that was in hand is not any more, by its id. */
  readonly gone = new SvelteMap<string, string>()
  troubles = $state.raw<readonly Trouble[]>([])
  progress = $state.raw<Progress | null>(null)
  notices = $state.raw<readonly Notice[]>([])
  readonly chosen = new SvelteMap<string, string>()
  readonly flashes = new Flashes()
  readonly pipeline = new Pipeline({
    again: (scan) => this.wrong('already_counted', { scanned: scan.code }),
    fault: (fault, scan) => this.wrong(fault, { scanned: scan.code.slice(0, 40) }),
    unheard: (scan) => this.wrong('no_scan_here', { scanned: scan.code }),
  })
  private readonly ear = new Ear((code) => this.pipeline.read(code, '', 'wedge'), () => this.wedge())
  private readonly tab = new Tab(() => this.lost())
  private database!: Database
  private link: Link | undefined

  async boot(): Promise<void> {
    addEventListener('keydown', this.ear.keydown, { capture: true })
    this.elsewhere = !(await this.tab.claim())
    if (!this.elsewhere) await this.open()
    this.ready = true
  }

  /** Go on in this window; the other one is told. */
  async useHere(): Promise<void> {
    await this.tab.takeOver()
    location.reload()
  }

  private async open(): Promise<void> {
    this.database = await openDatabase()
    const device = await kept<string>(this.database, 'device')
    this.device = device ?? ulid()
    if (!device) await keep(this.database, 'device', this.device)
    await Promise.all(CHOICES.map(async (name) => this.chosen.set(name, (await kept<string>(this.database, name)) ?? '')))
    const url = `${location.protocol.replace('http', 'ws')}//${location.host}/live?device=${this.device}`
    this.link = await Link.open({ url, database: this.database, listener: this.listener() })
    const me = await kept<Me>(this.database, 'me')
    this.changed()
    await this.refreshTroubles()
    if (!me || this.revoked) return
    this.enter(me)
    void this.verify()
  }

  /** A supervisor revoked this device: only a joining code lets it in again. What waits stays. */
  get revoked(): boolean {
    return Boolean(this.chosen.get('revoked'))
  }

  wedge(): WedgeSettings {
    const { chosen } = this
    return { prefix: chosen.get('prefix') ?? '', suffix: chosen.get('suffix') ?? '', silence: Number(chosen.get('silence')) || SILENCE_MS }
  }

  may(permission: string): boolean {
    return [permission, '*'].some((each) => this.me?.permissions.includes(each))
  }

  async choose(name: string, value: string): Promise<void> {
    this.chosen.set(name, value)
    await keep(this.database, name, value)
  }

  /** Whoever was signed in here before makes way, and stays if the server says no. */
  async signIn(credentials: Credentials): Promise<Me> {
    this.link?.stop()
    try {
      const me = await api.signIn(credentials, this.device)
      if (this.revoked) await takeUp(this.opened.outbox.waiting, me.user)
      await this.signedInAs(me)
      return me
    } finally {
      if (this.signedIn) this.link?.start()
    }
  }

  private async signedInAs(me: Me): Promise<void> {
    const before = await kept<Me>(this.database, 'me')
    if (before && before.user !== me.user) await this.link?.forget()
    await keep(this.database, 'me', me)
    await this.choose('revoked', '')
    this.enter(me)
  }

  /** Never with operations waiting: they are this person's. */
  async signOut(): Promise<void> {
    if (this.waiting) return
    await api.signOut().catch(() => undefined)
    this.signedOut()
    await this.link?.forget()
    await keep(this.database, 'me', undefined)
    location.hash = ''
  }

  private get opened(): Link {
    if (this.link) return this.link
    throw new Error('the app is not open yet')
  }

  /** Make an operation that needs no answer to go on: it is durable when this resolves. */
  async perform(cmd: Command, told = false): Promise<void> {
    await this.opened.perform(cmd, this.me?.user ?? '', told)
  }

  /** Make an operation and show its refusal; gives its result, or undefined when refused. */
  async ask<R extends Result>(cmd: Command, sound: Sound = 'success'): Promise<R | null | undefined> {
    const outcome: Outcome = await this.opened.ask(cmd, this.me?.user ?? '')
    if (outcome.ok) {
      this.right(sound)
      return outcome.result as R | null
    }
    this.wrong(outcome.rejected.code, outcome.rejected.facts)
    return undefined
  }

  right(sound: Sound = 'success'): void {
    this.flashes.right(sound)
  }

  wrong(code: string, facts: Facts = {}): void {
    this.flashes.wrong(code, facts)
  }

  /** Something that was to be stored was not: it did not happen, and must not look as if it had. */
  failed(error: unknown): void {
    console.error(error)
    const name = error instanceof Error ? error.name : ''
    this.wrong(FULL.has(name) ? 'storage_full' : 'failed')
  }

  watch(site: string): void {
    this.link?.watch({ t: 'watch', what: site ? 'floor' : 'none', site })
  }

  async dismiss(op_id: string): Promise<void> {
    await this.link?.outbox.dismiss(op_id)
    await this.refreshTroubles()
  }

  wake(): void {
    this.link?.wake()
  }

  private listener(): Listener {
    return {
      changed: () => this.changed(),
      progress: (frame) => (this.progress = frame),
      notice: (frame) => (this.notices = [frame, ...this.notices].slice(0, MOST_NOTICES)),
      refused: ({ code, facts }) => {
        this.wrong(code, facts)
        void this.refreshTroubles()
      },
      signedOut: (why) => this.signedOut(why),
      tooOld: () => (this.outdated = true),
      nonsense: () => this.flashes.now?.kind !== 'wrong' && this.wrong('nonsense'), // unless a refusal is being read
      clock: (ahead) => (this.clockOff = ahead),
      pushed: (before, now) => news(before, now, this.me?.user ?? '').forEach((each) => void this.tell(each)),
    }
  }

  private changed(): void {
    if (!this.link) return
    this.tasks = this.link.tasks
    this.waiting = this.link.outbox.waiting.length
    this.online = this.link.presence.online
  }

  /** The server's no: nobody is signed in here any more, and nothing that waits is lost. */
  signedOut(why = ''): void {
    this.link?.stop()
    this.signedIn = false
    if (why === 'device_revoked') void this.choose('revoked', 'yes')
  }

  /** Another window works from now on: this one finishes what it stores, and stops. */
  private async lost(): Promise<void> {
    this.elsewhere = true
    this.link?.stop()
    await this.link?.settled()
  }

  private enter(me: Me): void {
    this.me = me
    this.signedIn = true
    this.link?.start()
    void navigator.storage?.persist?.()
  }

  /** What is on offer is told where tasks are chosen; what concerns the task in hand, everywhere. */
  private async tell({ code, task }: News): Promise<void> {
    if (code === 'task_offered' && route.screen === 'task') return
    if (code === 'task_gone') this.gone.set(task.id, '')
    this.wrong(code)
    if (code === 'task_gone') this.gone.set(task.id, await why(task))
  }

  /** Offline, the person stays signed in; only the server's no ends it. */
  private async verify(): Promise<void> {
    try {
      await this.signedInAs(await api.me())
    } catch (error) {
      if (error instanceof Problem && error.status === 401) this.signedOut(error.code)
    }
  }

  private async refreshTroubles(): Promise<void> {
    this.troubles = (await this.link?.outbox.troubles()) ?? []
  }
}

export const app = new App()
