// The scale that this browser reads by itself, where it can: chosen once by a person, found again afterwards.
import type { Reading } from '../link/api'
import { hid, serial, type HidDevice, type SerialPort } from './devices'
import { USAGE_PAGE } from './hid'
import { readHid, readSerial, type Show } from './line'
import type { Shown } from './reading'

/** A serial scale is asked five times a second: one that is silent for so long does not answer. */
const SILENT_MS = 2_000
/** Until a scale that broke off is looked for again. */
const AGAIN_MS = 1_000

class ScaleHere {
  readonly possible = Boolean(serial ?? hid)
  /** What it shows; null while none is connected, or it does not answer. */
  reading = $state.raw<Reading | null>(null)
  connected = $state(false)
  private silence: ReturnType<typeof setTimeout> | undefined

  constructor() {
    serial?.addEventListener('connect', () => void this.find())
    hid?.addEventListener('connect', () => void this.find())
  }

  /** Find what was allowed before. */
  async find(): Promise<void> {
    const [device] = ((await hid?.getDevices()) ?? []).filter(isScale)
    const [port] = (await serial?.getPorts()) ?? []
    if (this.connected) return
    if (device) void this.useHid(device)
    else if (port) void this.useSerial(port)
  }

  async choose(kind: 'serial' | 'hid'): Promise<void> {
    if (kind === 'serial') return void this.useSerial(await serial!.requestPort())
    const [device] = await hid!.requestDevice({ filters: [{ usagePage: USAGE_PAGE }] })
    if (device) void this.useHid(device)
  }

  get kinds(): readonly ('serial' | 'hid')[] {
    return [...(hid ? (['hid'] as const) : []), ...(serial ? (['serial'] as const) : [])]
  }

  private useSerial(port: SerialPort): Promise<void> {
    return this.use((show) => readSerial(port, show), 'serial', SILENT_MS)
  }

  private useHid(device: HidDevice): Promise<void> {
    // Some report only what has changed: such a scale is not silent, it rests.
    return this.use((show) => readHid(hid!, device, show), device.productName || 'hid', 0)
  }

  /** Until it is unplugged or breaks off: the screen says that it does not answer, whatever the reason. */
  private async use(read: (show: Show) => Promise<void>, scale: string, silentMs: number): Promise<void> {
    this.connected = true
    try {
      await read((shown) => this.show(shown, scale, silentMs))
    } catch (error) {
      console.info('the scale broke off', error)
    }
    clearTimeout(this.silence)
    this.connected = false
    this.reading = null
    setTimeout(() => void this.find(), AGAIN_MS)
  }

  private show(shown: Shown, scale: string, silentMs: number): void {
    this.reading = { ...shown, raw: shown.raw.slice(0, 200), scale: `browser:${scale}`.slice(0, 64) }
    clearTimeout(this.silence)
    if (silentMs) this.silence = setTimeout(() => (this.reading = null), silentMs)
  }
}

const isScale = (device: HidDevice): boolean => device.collections.some(({ usagePage }) => usagePage === USAGE_PAGE)

export const scaleHere = new ScaleHere()
