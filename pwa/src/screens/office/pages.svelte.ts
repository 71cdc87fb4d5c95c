// A list that is fetched page by page as it is scrolled, and asked for news while somebody looks at it.
import { untrack } from 'svelte'
import { Problem } from '../../link/api'
import { refusalWords, t } from '../../words'

/** What went wrong, in words. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Problem)) throw error
  return error.code === 'offline' ? t('orders.offline') : refusalWords(error.code).join('. ')
}

export class Pages<T> {
  items = $state.raw<readonly T[]>([])
  ready = $state(false)
  trouble = $state('')
  /** How many have come since that are not shown yet. */
  news = $state(0)
  private whole = false
  private fetching = 0

  /** `fetch` gives the page after an item, or the first; a page that is not full is the last. */
  constructor(
    private readonly fetch: (last: T | undefined) => Promise<readonly T[]>,
    private readonly id: (item: T) => string,
    private readonly size: number,
  ) {}

  /** Begin anew: what is asked for has changed, or the news are wanted. */
  async restart(): Promise<void> {
    this.whole = false
    await this.take(undefined, (page) => page)
    this.news = 0
  }

  async more(): Promise<void> {
    if (!this.whole && !this.fetching && this.items.length) await this.take(this.items.at(-1), (page) => [...this.items, ...page])
  }

  /** Look at the first page again: what is shown is brought up to date in its place, what is new is counted. */
  async look(): Promise<void> {
    if (this.fetching || !this.ready) return
    const before = this.items
    const first = await this.fetch(undefined).catch(() => null)
    if (!first || this.items !== before) return
    const fresh = new Map(first.map((item) => [this.id(item), item]))
    this.items = this.items.map((item) => fresh.get(this.id(item)) ?? item)
    const shown = new Set(this.items.map(this.id))
    this.news = first.filter((item) => !shown.has(this.id(item))).length
  }

  /** Only the answer to what was asked last counts. */
  private async take(last: T | undefined, join: (page: readonly T[]) => readonly T[]): Promise<void> {
    this.fetching += 1
    const asked = (this.asked += 1)
    try {
      const page = await this.fetch(last)
      if (asked !== this.asked) return
      this.items = join(page)
      this.whole = page.length < this.size
      this.ready = true
      this.trouble = ''
    } catch (error) {
      if (asked === this.asked) this.trouble = wordsOf(error)
    } finally {
      this.fetching -= 1
    }
  }
  private asked = 0
}

const EVERY_MS = 4_000

/** Look now, and again and again while the page is seen; gives what ends it. What is looked at is no cause to look anew. */
export function whileSeen(look: () => Promise<unknown>): () => void {
  untrack(() => void look())
  const timer = setInterval(() => {
    if (!document.hidden) void look()
  }, EVERY_MS)
  return () => clearInterval(timer)
}
