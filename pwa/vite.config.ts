import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'
import { brotli } from './build/brotli.ts'
import { serviceWorker } from './build/service-worker.ts'
import { shell } from './build/shell.ts'

const first = shell('/src/main.ts')

export default defineConfig({
  plugins: [svelte(), first.plugin, serviceWorker(), brotli()],
  worker: { format: 'es' },
  build: {
    outDir: '../server/web/static',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'shell', test: first.has }] } } },
  },
  test: { include: ['test/**/*.test.ts'], environment: 'node', testTimeout: 10_000 },
})
