// Putting the app on the home screen: installed apps keep their storage where browsers may clear it.
interface InstallEvent extends Event {
  prompt(): Promise<void>
}

class Installer {
  private event = $state.raw<InstallEvent | null>(null)
  readonly installed = matchMedia('(display-mode: standalone)').matches

  constructor() {
    addEventListener('beforeinstallprompt', (event) => {
      event.preventDefault()
      this.event = event as InstallEvent
    })
  }

  get possible(): boolean {
    return this.event !== null
  }

  async install(): Promise<void> {
    await this.event?.prompt()
    this.event = null
  }
}

export const installer = new Installer()
