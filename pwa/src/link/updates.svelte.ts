// A new version of the app waits until a person lets it in, and never while a task is open.
const LOOK_MS = 30 * 60_000

class Updates {
  /** A new version is on the device and waits. */
  ready = $state(false)
  private registration: ServiceWorkerRegistration | undefined

  async start(): Promise<void> {
    if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return
    const first = !navigator.serviceWorker.controller
    navigator.serviceWorker.addEventListener('controllerchange', () => first || location.reload())
    this.registration = await navigator.serviceWorker.register('/sw.js')
    this.look()
    this.registration.addEventListener('updatefound', () => {
      this.registration?.installing?.addEventListener('statechange', () => this.look())
    })
    setInterval(() => void this.ask(), LOOK_MS)
  }

  /** Go on with the new version. */
  apply(): void {
    this.registration?.waiting?.postMessage('go')
  }

  /** The server does not speak with this version any more: get the new one, by whatever way there is. */
  async renew(): Promise<void> {
    await this.ask()
    if (this.registration?.waiting) this.apply()
    else location.reload()
  }

  async ask(): Promise<void> {
    await this.registration?.update().catch(() => undefined)
    this.look()
  }

  private look(): void {
    this.ready = Boolean(this.registration?.waiting && navigator.serviceWorker.controller)
  }
}

export const updates = new Updates()
