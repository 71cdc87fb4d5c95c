// What a picker hears: three sounds that cannot be mistaken, made here so that no file must be loaded.
interface Tone {
  readonly hertz: number
  readonly ms: number
  readonly wait?: number
  readonly shape?: OscillatorType
}

export type Sound = 'success' | 'refusal' | 'counted' | 'done' | 'news' | 'none'

/** Success: short and high. Refusal: long and low. Already counted: two short ones, level. News: up, and soft. */
const TONES: Readonly<Record<Sound, readonly Tone[]>> = {
  success: [{ hertz: 1_760, ms: 90 }],
  refusal: [{ hertz: 165, ms: 550, shape: 'sawtooth' }],
  counted: [{ hertz: 660, ms: 60 }, { hertz: 660, ms: 60, wait: 110 }],
  done: [{ hertz: 1_047, ms: 90 }, { hertz: 1_319, ms: 90, wait: 100 }, { hertz: 1_568, ms: 160, wait: 200 }],
  news: [{ hertz: 587, ms: 110, shape: 'triangle' }, { hertz: 880, ms: 180, wait: 130, shape: 'triangle' }],
  none: [],
}

let context: AudioContext | undefined

/** Browsers stay silent until a tap: the one that signs in is used. */
export function unlock(): void {
  context ??= new AudioContext()
  if (context.state !== 'running') void context.resume()
}

export function play(sound: Sound): void {
  if (context?.state !== 'running') return
  const now = context.currentTime
  for (const tone of TONES[sound]) ring(context, tone, now)
}

function ring(into: AudioContext, tone: Tone, now: number): void {
  const begin = now + (tone.wait ?? 0) / 1_000
  const end = begin + tone.ms / 1_000
  const oscillator = new OscillatorNode(into, { frequency: tone.hertz, type: tone.shape ?? 'sine' })
  const gain = new GainNode(into, { gain: 0 })
  gain.gain.setValueAtTime(0, begin)
  gain.gain.linearRampToValueAtTime(0.6, begin + 0.008)
  gain.gain.setValueAtTime(0.6, end - 0.02)
  gain.gain.linearRampToValueAtTime(0, end)
  oscillator.connect(gain).connect(into.destination)
  oscillator.start(begin)
  oscillator.stop(end)
}
