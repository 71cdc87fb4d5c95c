// Writes each built file a second time, as small as Brotli makes it: what crosses the network is made small once, here.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import type { Plugin } from 'vite'

const WORTH = /\.(html|js|css|svg|wasm|webmanifest)$/

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
        const path = join(folder, name)
        if (WORTH.test(name)) writeFileSync(`${path}.br`, brotliCompressSync(readFileSync(path)))
      }
    },
  }
}
