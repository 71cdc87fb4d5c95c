import './ui/tokens.css'
import './ui/base.css'
import { mount } from 'svelte'
import App from './App.svelte'
import { app } from './app.svelte'
import { unlock } from './feel/sound'
import { chosenLanguage } from './language'
import { updates } from './link/updates.svelte'
import { speak } from './words/language.svelte'

addEventListener('pointerdown', unlock)
addEventListener('keydown', unlock)
addEventListener('online', () => app.wake())
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) app.wake()
})
// Whatever could not be stored is said, wherever it was begun.
addEventListener('unhandledrejection', (event) => app.failed(event.reason))

await app.boot()
// The first word is in the right language, unless the device has only English yet.
await speak(chosenLanguage()).catch(() => undefined)
const target = document.getElementById('app')!
target.replaceChildren()
mount(App, { target })
// Keeping the app for offline comes after it is there.
void updates.start()
