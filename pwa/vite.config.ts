import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'
import { serviceWorker } from './build/service-worker.ts'

export default defineConfig({
  plugins: [svelte(), serviceWorker()],
  worker: { format: 'es' },
  build: {
    outDir: '../server/web/static',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: { include: ['test/**/*.test.ts'], environment: 'node', testTimeout: 10_000 },
})
