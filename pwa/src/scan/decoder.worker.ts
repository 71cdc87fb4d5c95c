// Decodes frames beside the screen. The WebAssembly file is ours to serve: nothing is fetched from elsewhere.
import { prepareZXingModule, readBarcodes, type ReaderOptions } from 'zxing-wasm/reader'
import wasm from 'zxing-wasm/reader/zxing_reader.wasm?url'
import { ZXING } from './formats'

void prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true })

/** A line must be found three times: with the default of two, 2 of 40 frames gave a wrong EAN with a right checksum. */
const OPTIONS: ReaderOptions = { formats: [...ZXING], tryHarder: false, minLineCount: 3, maxNumberOfSymbols: 4 }

self.onmessage = async (event: MessageEvent<ImageData>) => {
  const found = await readBarcodes(event.data, OPTIONS)
  self.postMessage(found.filter((each) => each.isValid).map((each) => ({ code: each.text, symbology: each.format })))
}
