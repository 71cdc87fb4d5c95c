// What the app needs to open is one file and one style sheet: on a slow network every further one is another wait.
import type { Plugin } from 'vite'

export interface Shell {
  readonly plugin: Plugin
  /** Whether the app's first script imports this module, directly or not. */
  readonly has: (module: string) => boolean
}

export function shell(entry: string): Shell {
  const found = new Set<string>()
  const plugin: Plugin = {
    name: 'pickwave-shell',
    apply: 'build',
    buildEnd() {
      const take = (module: string): void => {
        if (found.has(module)) return
        found.add(module)
        this.getModuleInfo(module)?.importedIds.forEach(take)
      }
      for (const module of this.getModuleIds()) if (module.endsWith(entry)) take(module)
    },
  }
  return { plugin, has: (module) => found.has(module) }
}
