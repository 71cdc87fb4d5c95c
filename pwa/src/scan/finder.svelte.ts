// The camera as a scanner. It stays open from line to line; the stream is opened anew when the app comes back, because
// after a while in the background iOS leaves a dead one.
import { Agreement, chosen, type Read } from './agree'
import { aimed } from './aim'
import { openDecoder, type Decoder } from './decoder'
import { Lens, troubleOf, type CameraTrouble, type Zoom } from './lens'

/** A camera that shows nothing new for this long is looked at again all the same. */
const STILL_MS = 500
/** Between two lines no picture is shown: the stream is kept for that long. */
const LINGER_MS = 2_000

export interface Finding {
  wanted(code: string): boolean
  found(read: Read): void
}

class Finder {
  /** Whether people want the camera; it lasts over screens. */
  open = $state(false)
  trouble = $state<CameraTrouble | ''>('')
  lenses = $state.raw<readonly MediaDeviceInfo[]>([])
  lensId = $state('')
  zoom = $state.raw<Zoom | undefined>(undefined)
  hasTorch = $state(false)
  private lens: Lens | undefined
  private decoder: Promise<Decoder> | undefined
  /** The pictures that are shown, the latest on top: a question may show one above a line's. */
  private shown: readonly HTMLVideoElement[] = []
  private agreement = new Agreement()
  private turn: Promise<void> = Promise.resolve()
  private lingering: ReturnType<typeof setTimeout> | undefined

  /** Show the picture in `video` and read what is aimed at, until the returned function is called. */
  show(video: HTMLVideoElement, finding: Finding, lens: string): () => void {
    clearTimeout(this.lingering)
    this.shown = [...this.shown, video]
    this.lensId ||= lens
    void this.start()
    void this.look(video, finding)
    return () => {
      this.shown = this.shown.filter((each) => each !== video)
      if (this.video) void this.start()
      else this.lingering = setTimeout(() => this.close(), LINGER_MS)
    }
  }

  /** Open the lens, or again after trouble: one after the other, whoever asks. */
  start(): Promise<void> {
    this.turn = this.turn.then(() => this.opened())
    return this.turn
  }

  choose(lens: string): Promise<void> {
    this.stop()
    this.lensId = lens
    return this.start()
  }

  torch(on: boolean): void {
    void this.lens?.torch(on)
  }

  zoomTo(zoom: number): void {
    void this.lens?.zoomTo(zoom)
  }

  /** Let the lens go; the picture is dark until it is started again. */
  stop(): void {
    this.lens?.close()
    this.lens = undefined
  }

  private get video(): HTMLVideoElement | undefined {
    return this.shown.at(-1)
  }

  private async opened(): Promise<void> {
    const { video } = this
    if (!video) return
    this.decoder ??= openDecoder()
    let lens = this.lens
    try {
      lens ??= this.lens = this.watched(await Lens.open(this.lensId))
      video.srcObject = lens.stream
      await video.play()
      if (this.lens === lens) this.know(lens)
    } catch (error) {
      // A picture or a lens that was replaced while it began is no trouble: the next one is on its way.
      if (this.video === video && this.lens === lens) this.trouble = troubleOf(error)
    }
  }

  /** A lens may be gone before its picture moves: that is told, and not taken back by a start that comes to its end. */
  private watched(lens: Lens): Lens {
    lens.onended(() => {
      if (this.lens !== lens) return
      this.trouble = 'unplugged'
      this.stop()
    })
    return lens
  }

  private know(lens: Lens): void {
    this.trouble = ''
    this.zoom = lens.zoom
    this.hasTorch = lens.hasTorch
    this.lensId = lens.id
    void Lens.list().then((found) => (this.lenses = found))
  }

  private close(): void {
    this.stop()
    void this.decoder?.then((decoder) => decoder.close())
    this.decoder = undefined
  }

  private async look(video: HTMLVideoElement, { wanted, found }: Finding): Promise<void> {
    while (this.shown.includes(video)) {
      const decoder = this.video === video && !document.hidden ? await this.decoder : undefined
      const reads = video.videoWidth && decoder ? await this.read(decoder, video) : []
      const read = chosen(reads, wanted)
      const isSeen = this.video === video && !document.hidden
      if (read && isSeen && this.agreement.agrees(read, performance.now(), wanted(read.code))) found(read)
      await fresh(video)
    }
  }

  private read(decoder: Decoder, video: HTMLVideoElement): Promise<readonly Read[]> {
    const picture = { width: video.videoWidth, height: video.videoHeight }
    const box = { width: video.clientWidth, height: video.clientHeight }
    return decoder.read(video, aimed(picture, box)).catch(() => [])
  }
}

/** The next frame is there: frames that agree must be different ones. */
function fresh(video: HTMLVideoElement): Promise<void> {
  return new Promise((resolve) => {
    const still = setTimeout(resolve, STILL_MS)
    video.requestVideoFrameCallback(() => {
      clearTimeout(still)
      resolve()
    })
  })
}

export const finder = new Finder()
