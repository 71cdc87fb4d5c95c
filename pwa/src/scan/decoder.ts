// The platform's own decoder where it has one (70 ms on a cheap phone), else ours in a worker (370 ms).
import type { Read } from './agree'
import type { Area } from './aim'
import { NATIVE } from './formats'

export interface Decoder {
  /** All codes in an area of the picture. */
  read(video: HTMLVideoElement, area: Area): Promise<readonly Read[]>
  close(): void
}

interface Detected {
  readonly rawValue: string
  readonly format: string
}
interface Detector {
  detect(source: HTMLCanvasElement): Promise<Detected[]>
}
interface DetectorClass {
  new (options: { formats: readonly string[] }): Detector
  getSupportedFormats(): Promise<string[]>
}

export async function openDecoder(): Promise<Decoder> {
  const Native = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector
  const supported = (await Native?.getSupportedFormats().catch(() => [])) ?? []
  const formats = NATIVE.filter((format) => supported.includes(format))
  return Native && formats.includes('code_128') ? native(new Native({ formats })) : inWorker()
}

/** A canvas that takes an area of the video, as it is at that moment. */
function taker(): (video: HTMLVideoElement, area: Area) => CanvasRenderingContext2D {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!
  return (video, { x, y, width, height }) => {
    if (context.canvas.width !== width) context.canvas.width = width
    if (context.canvas.height !== height) context.canvas.height = height
    context.drawImage(video, x, y, width, height, 0, 0, width, height)
    return context
  }
}

function native(detector: Detector): Decoder {
  const take = taker()
  return {
    async read(video, area) {
      const found = await detector.detect(take(video, area).canvas)
      return found.map((each) => ({ code: each.rawValue, symbology: each.format }))
    },
    close: () => undefined,
  }
}

function inWorker(): Decoder {
  const worker = new Worker(new URL('./decoder.worker.ts', import.meta.url), { type: 'module' })
  const take = taker()
  return {
    async read(video, area) {
      const image = take(video, area).getImageData(0, 0, area.width, area.height)
      return new Promise((resolve) => {
        worker.onmessage = (event: MessageEvent<readonly Read[]>) => resolve(event.data)
        worker.onerror = () => resolve([])
        worker.postMessage(image, [image.data.buffer])
      })
    },
    close: () => worker.terminate(),
  }
}
