// Writes each built file a second time, as small as Brotli makes it: what crosses the network is made small once, here.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import type { Plugin } from 'vite'

const WORTH = /\.(html|js|css|svg|wasm|webmanifest)$/
/** The decoder is large: its last percents would take seconds of every build. */
const quality = (name: string): number => (name.endsWith('.wasm') ? 9 : 11)

export function brotli(): Plugin {
  let folder = ''
  return {
    name: 'pickwave-brotli',
    apply: 'build',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir)
    },
    closeBundle() {
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        if (!WORTH.test(name)) continue
        const path = join(folder, name)
        const params = { [constants.BROTLI_PARAM_QUALITY]: quality(name) }
        writeFileSync(`${path}.br`, brotliCompressSync(readFileSync(path), { params }))
      }
    },
  }
}
