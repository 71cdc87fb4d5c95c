// The device's camera as hardware: which lens, its light, its zoom, and why it cannot be used.

export type CameraTrouble = 'refused' | 'absent' | 'busy' | 'unplugged'

/** What browsers know of a lens beyond the standard's types. */
interface Abilities {
  readonly zoom?: { readonly min: number; readonly max: number; readonly step?: number }
  readonly torch?: boolean
}
export interface Zoom {
  readonly min: number
  readonly max: number
  readonly step: number
}

const SIZE = { width: { ideal: 1280 }, height: { ideal: 720 } }
/** The newest phones cannot focus near: they are to stand back and zoom. */
const FIRST_ZOOM = 2

export function troubleOf(error: unknown): CameraTrouble {
  const name = error instanceof Error ? error.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused'
  return name === 'NotReadableError' || name === 'AbortError' ? 'busy' : 'absent'
}

export class Lens {
  private constructor(readonly stream: MediaStream) {}

  /** Open a lens by its id, else the one that looks away from the person. */
  static async open(id: string): Promise<Lens> {
    const video = { ...(id ? { deviceId: { ideal: id } } : { facingMode: { ideal: 'environment' } }), ...SIZE }
    const lens = new Lens(await navigator.mediaDevices.getUserMedia({ video, audio: false }))
    if (lens.zoom) await lens.zoomTo(Math.min(FIRST_ZOOM, lens.zoom.max))
    return lens
  }

  /** The lenses there are; their names are known once one was allowed. */
  static async list(): Promise<readonly MediaDeviceInfo[]> {
    const devices = await navigator.mediaDevices.enumerateDevices()
    return devices.filter((device) => device.kind === 'videoinput')
  }

  get id(): string {
    return this.track?.getSettings().deviceId ?? ''
  }

  get hasTorch(): boolean {
    return Boolean(this.abilities.torch)
  }

  get zoom(): Zoom | undefined {
    const { zoom } = this.abilities
    return zoom && zoom.max > zoom.min ? { min: zoom.min, max: zoom.max, step: zoom.step ?? 0.1 } : undefined
  }

  torch(on: boolean): Promise<void> {
    return this.set({ torch: on })
  }

  zoomTo(zoom: number): Promise<void> {
    return this.set({ zoom })
  }

  /** The track ends by itself when the camera is unplugged, or taken by the system. */
  onended(act: () => void): void {
    this.track?.addEventListener('ended', act)
  }

  close(): void {
    for (const track of this.stream.getTracks()) track.stop()
  }

  private get track(): MediaStreamTrack | undefined {
    return this.stream.getVideoTracks()[0]
  }

  private get abilities(): Abilities {
    return (this.track?.getCapabilities?.() ?? {}) as Abilities
  }

  private async set(settings: object): Promise<void> {
    await this.track?.applyConstraints({ advanced: [settings] }).catch(() => undefined)
  }
}
