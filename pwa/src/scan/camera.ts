// The phone's camera as a scanner. The stream is opened anew when the app comes back: after a while in the background
// iOS leaves a dead one.
import { Agreement, type Read } from './agree'
import { openDecoder, type Decoder } from './decoder'

const SIZE = { width: { ideal: 1280 }, height: { ideal: 720 } }
const PAUSE_MS = 40

/** What browsers know of a lens beyond the standard's types. */
interface Lens {
  readonly zoom?: { readonly max: number }
  readonly torch?: boolean
}
interface LensSettings {
  readonly zoom?: number
  readonly torch?: boolean
}

export class Camera {
  private stream: MediaStream | undefined
  private decoder: Decoder | undefined
  private running = false
  private readonly agreement = new Agreement()

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly found: (read: Read) => void,
  ) {}

  /** Begin to look; rejects where there is no camera or no leave to use it. */
  async start(): Promise<void> {
    this.decoder ??= await openDecoder()
    const video = { facingMode: { ideal: 'environment' }, ...SIZE }
    this.stream = await navigator.mediaDevices.getUserMedia({ video, audio: false })
    this.video.srcObject = this.stream
    await this.video.play()
    await this.set({ zoom: Math.min(2, this.lens.zoom?.max ?? 1) })
    this.running = true
    void this.look()
  }

  stop(): void {
    this.running = false
    for (const track of this.stream?.getTracks() ?? []) track.stop()
    this.stream = undefined
  }

  close(): void {
    this.stop()
    this.decoder?.close()
    this.decoder = undefined
  }

  get hasTorch(): boolean {
    return Boolean(this.lens.torch)
  }

  torch(on: boolean): Promise<void> {
    return this.set({ torch: on })
  }

  private get track(): MediaStreamTrack | undefined {
    return this.stream?.getVideoTracks()[0]
  }

  private get lens(): Lens {
    return (this.track?.getCapabilities?.() ?? {}) as Lens
  }

  /** The newest phones cannot focus near: they are to stand back and zoom. */
  private async set(settings: LensSettings): Promise<void> {
    const known = Object.entries(settings).filter(([name]) => name in this.lens)
    if (!known.length) return
    await this.track?.applyConstraints({ advanced: [Object.fromEntries(known)] }).catch(() => undefined)
  }

  private async look(): Promise<void> {
    while (this.running && this.decoder) {
      const read = this.video.videoWidth ? await this.decoder.read(this.video).catch(() => undefined) : undefined
      if (read && this.running && this.agreement.agrees(read, performance.now())) this.found(read)
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  }
}
