import './ui/tokens.css'
import './ui/base.css'
import { mount } from 'svelte'
import App from './App.svelte'
import { app } from './app.svelte'
import { unlock } from './feel/sound'

addEventListener('pointerdown', unlock)
addEventListener('keydown', unlock)
addEventListener('online', () => app.wake())
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) app.wake()
})
if ('serviceWorker' in navigator && import.meta.env.PROD) void navigator.serviceWorker.register('/sw.js')

await app.boot()
mount(App, { target: document.getElementById('app')! })
