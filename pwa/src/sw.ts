// Keeps the app's files, so that it opens without a network. It never answers for /api: what is shown offline
// comes from the device's own database.
/// <reference lib="webworker" />
declare const self: ServiceWorkerGlobalScope
declare const __SHELL__: readonly string[]
declare const __LATER__: readonly string[]
declare const __VERSION__: string

const NAME = `pickwave-${__VERSION__}`
const KEPT = new Set([...__SHELL__, ...__LATER__])

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(__SHELL__)))
})

// A new version waits until the page says so: it never interrupts a task.
self.addEventListener('message', (event) => {
  if (event.data === 'go') void self.skipWaiting()
})

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== NAME).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  )
  void caches.open(NAME).then((cache) => cache.addAll(__LATER__))
})

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url)
  if (event.request.method !== 'GET' || url.origin !== self.location.origin || !KEPT.has(url.pathname)) return
  event.respondWith(caches.match(url.pathname).then((kept) => kept ?? fetch(event.request)))
})

export {}
