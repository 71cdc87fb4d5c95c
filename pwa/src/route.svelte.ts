// Which screen is open, from the address: reload and back keep it.
class Route {
  path = $state<readonly string[]>([])

  constructor() {
    if (typeof window === 'undefined') return
    this.read()
    addEventListener('hashchange', () => this.read())
  }

  get screen(): string {
    return this.path[0] ?? ''
  }

  get id(): string {
    return this.path[1] ?? ''
  }

  go(...path: string[]): void {
    location.hash = `/${path.map(encodeURIComponent).join('/')}`
  }

  private read(): void {
    this.path = location.hash.replace(/^#\/?/, '').split('/').filter(Boolean).map(decodeURIComponent)
  }
}

export const route = new Route()
