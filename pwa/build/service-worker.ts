// Builds src/sw.ts as /sw.js with the list of files it keeps. Our own, because Workbox brings 320 packages.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type { Plugin } from 'vite'

const SOURCE = 'src/sw.ts'
/** Kept once they were used: large, and not needed to open the app. */
const LATER = /\.wasm$|decoder/

export function serviceWorker(): Plugin {
  return {
    name: 'pickwave-service-worker',
    apply: 'build',
    enforce: 'post',
    buildStart() {
      this.emitFile({ type: 'chunk', id: SOURCE, fileName: 'sw.js' })
    },
    generateBundle(_, bundle) {
      const built = Object.keys(bundle).filter((name) => name !== 'sw.js')
      const files = [...built, ...readdirSync('public')].sort()
      const hash = createHash('sha256')
      for (const name of files) {
        const item = bundle[name]
        hash.update(name).update(item ? (item.type === 'chunk' ? item.code : item.source) : readFileSync(`public/${name}`))
      }
      const urls = files.map((name) => (name === 'index.html' ? '/' : `/${name}`))
      const worker = bundle['sw.js']
      if (worker?.type !== 'chunk' || !urls.includes('/')) throw new Error('the page or sw.js was not built')
      worker.code = worker.code
        .replaceAll('__SHELL__', JSON.stringify(urls.filter((url) => !LATER.test(url))))
        .replaceAll('__LATER__', JSON.stringify(urls.filter((url) => LATER.test(url))))
        .replaceAll('__VERSION__', JSON.stringify(hash.digest('hex').slice(0, 12)))
    },
  }
}
