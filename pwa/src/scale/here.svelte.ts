// The scale that this browser reads by itself, where it can: chosen once by a person, found again afterwards.
import type { Reading } from '../link/api'
import { hid, serial, type HidDevice, type SerialPort } from './devices'
import { USAGE_PAGE } from './hid'
import { readHid, readSerial, type Show } from './line'
import type { Shown } from './reading'

/** A serial scale is asked five times a second: one that is silent for so long does not answer. */
const SILENT_MS = 2_000

class ScaleHere {
  readonly possible = Boolean(serial ?? hid)
  /** What it shows; null while none is connected, or it does not answer. */
  reading = $state.raw<Reading | null>(null)
  connected = $state(false)
  private silence: ReturnType<typeof setTimeout> | undefined

  /** Find what was allowed before; a scale that is plugged in later is found then. */
  async find(): Promise<void> {
    serial?.addEventListener('connect', () => void this.find(), { once: true })
    hid?.addEventListener('connect', () => void this.find(), { once: true })
    if (this.connected) return
    const [device] = ((await hid?.getDevices()) ?? []).filter(isScale)
    const [port] = (await serial?.getPorts()) ?? []
    if (device) void this.useHid(device)
    else if (port) void this.useSerial(port)
  }

  async choose(kind: 'serial' | 'hid'): Promise<void> {
    if (kind === 'serial') return this.useSerial(await serial!.requestPort())
    const [device] = await hid!.requestDevice({ filters: [{ usagePage: USAGE_PAGE }] })
    if (device) await this.useHid(device)
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

  private async use(read: (show: Show) => Promise<void>, scale: string, silentMs: number): Promise<void> {
    this.connected = true
    try {
      await read((shown) => this.show(shown, scale, silentMs))
    } finally {
      clearTimeout(this.silence)
      this.connected = false
      this.reading = null
    }
  }

  private show(shown: Shown, scale: string, silentMs: number): void {
    this.reading = { ...shown, raw: shown.raw.slice(0, 200), scale: `browser:${scale}`.slice(0, 64) }
    clearTimeout(this.silence)
    if (silentMs) this.silence = setTimeout(() => (this.reading = null), silentMs)
  }
}

const isScale = (device: HidDevice): boolean => device.collections.some(({ usagePage }) => usagePage === USAGE_PAGE)

export const scaleHere = new ScaleHere()
