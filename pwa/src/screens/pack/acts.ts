// What a station can be told without a mouse: by a key, or by a command barcode that hangs beside the screen.
export const KEYS = {
  all: 'F2',
  missing: 'F3',
  close: 'F4',
  reopen: 'F6',
  keyed: 'F7',
  weigh: 'F8',
  void: 'Shift+F8',
  print: 'F9',
  again: 'Shift+F9',
  next: 'F10',
} as const
export type Act = keyof typeof KEYS

/** Letters alone, and none that keyboards disagree about: whatever layout a scanner types in, they arrive as they are. */
const BARCODES: ReadonlyMap<string, Act> = new Map([
  ['PICKWAVEALL', 'all'],
  ['PICKWAVEMISSING', 'missing'],
  ['PICKWAVECLOSE', 'close'],
  ['PICKWAVEOPEN', 'reopen'],
  ['PICKWAVEWEIGH', 'weigh'],
  ['PICKWAVEVOID', 'void'],
  ['PICKWAVEPRINT', 'print'],
  ['PICKWAVEAGAIN', 'again'],
  ['PICKWAVENEXT', 'next'],
])
const ACTS: ReadonlyMap<string, Act> = new Map(Object.entries(KEYS).map(([act, key]) => [key, act as Act]))
const able = new Map<Act, () => void>()

/** Let something be done, until the returned function is called. */
export function can(act: Act, run: () => void): () => void {
  able.set(act, run)
  return () => {
    if (able.get(act) === run) able.delete(act)
  }
}

/** Do it, if it can be done now. */
export function perform(act: Act): boolean {
  const run = able.get(act)
  run?.()
  return run !== undefined
}

export const commandOf = (code: string): Act | undefined => BARCODES.get(code.toUpperCase())

/** A key of ours never does what the browser has for it; while a question is open it does nothing. */
export function keyed(event: KeyboardEvent, act: (act: Act) => void): void {
  const wanted = ACTS.get(`${event.shiftKey ? 'Shift+' : ''}${event.key}`)
  if (!wanted) return
  event.preventDefault()
  if (!event.repeat && !document.querySelector('dialog[open]')) act(wanted)
}

/** What a number means that somebody typed: the first of a list is 1. Scanners send longer codes. */
export function numbered<T>(code: string, source: string, list: readonly T[]): T | undefined {
  return source === 'typed' && /^\d{1,2}$/.test(code) ? list[Number(code) - 1] : undefined
}
