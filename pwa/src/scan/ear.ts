// Hears a scanner's keys where no scan field has the focus: on a button, in a question. Its Enter must press nothing,
// and its digits must not become a quantity.
import { Wedge, type WedgeSettings } from './wedge'

/** Digits up to this length may be a person at a keypad: a PIN, a quantity. */
const MOST_KEYED = 8

/** The character of a key. Some firmware sets Alt on every key; FNC1 comes as Ctrl and ]. */
export function characterOf(event: KeyboardEvent): string {
  if (event.ctrlKey && !event.altKey) return event.key === ']' ? '\u001d' : ''
  return [...event.key].length === 1 && !event.metaKey ? event.key : ''
}

function isField(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches('input, select, textarea, [contenteditable=true]')
}

export class Ear {
  private readonly wedge: Wedge
  private silence: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly heard: (code: string) => void,
    private readonly settings: () => WedgeSettings,
  ) {
    this.wedge = new Wedge(settings)
  }

  /** A key anywhere on the page, before anybody else sees it. */
  readonly keydown = (event: KeyboardEvent): void => {
    if (isField(event.target)) return this.wedge.clear()
    const ends = event.key === 'Enter' || event.key === 'Tab'
    const character = characterOf(event)
    if (ends && this.isScan()) {
      event.preventDefault()
      event.stopImmediatePropagation()
      this.tell()
    } else if (ends) this.wedge.clear()
    else if (character) this.add(character, event)
  }

  private add(character: string, event: KeyboardEvent): void {
    // A blank inside a code would press the button that has the focus.
    if (this.wedge.text && character === ' ') event.preventDefault()
    for (const { code } of this.wedge.changed(this.wedge.text + character, event.timeStamp)) this.heard(code)
    clearTimeout(this.silence)
    this.silence = setTimeout(() => (this.isScan() ? this.tell() : this.wedge.clear()), this.settings().silence)
  }

  private tell(): void {
    clearTimeout(this.silence)
    for (const { code } of this.wedge.ended()) this.heard(code)
  }

  private isScan(): boolean {
    const keyed = /^\d*$/.test(this.wedge.text) && this.wedge.text.length <= MOST_KEYED
    return this.wedge.isFast() && !(keyed && document.querySelector('[data-keypad]'))
  }
}
