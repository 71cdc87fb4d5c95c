// Online is hysteresis over recent answers, because a socket can say OPEN after sleep and be dead.
const AGREEING = 2

export class Presence {
  online = false
  private run = 0

  constructor(private readonly changed: (online: boolean) => void = () => undefined) {}

  /** The server answered something: two in a row make it online. */
  answered(): void {
    this.count(true)
  }

  /** An answer is overdue, or the socket is gone: two in a row make it offline. */
  missed(): void {
    this.count(false)
  }

  private count(answer: boolean): void {
    this.run = answer === this.online ? 0 : this.run + 1
    if (this.run < AGREEING) return
    this.run = 0
    this.online = answer
    this.changed(answer)
  }
}
