// The platform's own decoder where it has one (70 ms on a cheap phone), else ours in a worker (370 ms).
import type { Read } from './agree'
import { NATIVE } from './formats'

export interface Decoder {
  read(video: HTMLVideoElement): Promise<Read | undefined>
  close(): void
}

interface Detected {
  readonly rawValue: string
  readonly format: string
}
interface Detector {
  detect(source: HTMLVideoElement): Promise<Detected[]>
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

function native(detector: Detector): Decoder {
  return {
    async read(video) {
      const [found] = await detector.detect(video)
      return found && { code: found.rawValue, symbology: found.format }
    },
    close: () => undefined,
  }
}

function inWorker(): Decoder {
  const worker = new Worker(new URL('./decoder.worker.ts', import.meta.url), { type: 'module' })
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d', { willReadFrequently: true })!
  return {
    read(video) {
      canvas.width = video.videoWidth
      canvas.height = video.videoHeight
      context.drawImage(video, 0, 0)
      const image = context.getImageData(0, 0, canvas.width, canvas.height)
      return new Promise((resolve) => {
        worker.onmessage = (event: MessageEvent<Read | null>) => resolve(event.data ?? undefined)
        worker.onerror = () => resolve(undefined)
        worker.postMessage(image, [image.data.buffer])
      })
    },
    close: () => worker.terminate(),
  }
}
