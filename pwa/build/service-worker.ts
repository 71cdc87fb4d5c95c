// Builds src/sw.ts as /sw.js with the list of files it keeps. Our own, because Workbox brings 320 packages.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type { Plugin, Rollup } from 'vite'

const SOURCE = 'src/sw.ts'

/** What the page needs to open: its script, what that imports, and their styles. All else is kept in the background. */
function opening(bundle: Rollup.OutputBundle): ReadonlySet<string> {
  const found = new Set<string>()
  const take = (name: string): void => {
    const item = bundle[name]
    if (found.has(name) || item?.type !== 'chunk') return
    found.add(name)
    item.viteMetadata?.importedCss.forEach((css) => found.add(css))
    item.imports.forEach(take)
  }
  for (const item of Object.values(bundle)) if (item.type === 'chunk' && item.isEntry && item.fileName !== 'sw.js') take(item.fileName)
  return found
}

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
      const first = opening(bundle)
      const url = (name: string): string => (name === 'index.html' ? '/' : `/${name}`)
      const isShell = (name: string): boolean => first.has(name) || !name.startsWith('assets/')
      const worker = bundle['sw.js']
      if (worker?.type !== 'chunk' || !files.includes('index.html')) throw new Error('the page or sw.js was not built')
      worker.code = worker.code
        .replaceAll('__SHELL__', JSON.stringify(files.filter(isShell).map(url)))
        .replaceAll('__LATER__', JSON.stringify(files.filter((name) => !isShell(name)).map(url)))
        .replaceAll('__VERSION__', JSON.stringify(hash.digest('hex').slice(0, 12)))
    },
  }
}
