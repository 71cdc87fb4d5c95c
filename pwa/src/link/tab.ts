// One tab works and the others say so: two would use the same numbers for different operations.
const NAME = 'pickwave'
const GIVE = 'give'
/** A page that is reloaded lets go of its lock a moment after it is gone. */
const CLAIM_MS = 700
/** A tab that is asleep does not answer, and stores nothing either. */
const GIVE_MS = 2_000

export class Tab {
  private readonly channel = new BroadcastChannel(NAME)

  /** `lost` stops this tab's work, because another one has taken it over. */
  constructor(private readonly lost: () => Promise<void>) {}

  /** Be the tab that works; false where another one is. */
  claim(): Promise<boolean> {
    return navigator.locks ? this.hold({ signal: AbortSignal.timeout(CLAIM_MS) }) : Promise.resolve(true)
  }

  /** Take over from the tab that works: it is asked to finish what it stores; one that sleeps is not waited for. */
  async takeOver(): Promise<void> {
    this.channel.postMessage(GIVE)
    if (!(await this.hold({ signal: AbortSignal.timeout(GIVE_MS) }))) await this.hold({ steal: true })
  }

  private hold(how: LockOptions): Promise<boolean> {
    return new Promise((resolve) => {
      const keep = (): Promise<void> => {
        resolve(true)
        return this.asked()
      }
      navigator.locks.request(NAME, how, keep).catch(async () => {
        resolve(false)
        if (how.steal === undefined && !how.signal?.aborted) await this.lost()
      })
    })
  }

  /** Resolves once another tab has asked for the work and this one has stopped. */
  private asked(): Promise<void> {
    return new Promise((resolve) => {
      this.channel.onmessage = async () => {
        await this.lost()
        resolve()
      }
    })
  }
}
