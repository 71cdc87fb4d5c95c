// Whose language is spoken: the device remembers what was chosen last, and a badge brings along what its owner chose.
import { app } from './app.svelte'
import type { Me } from './link/api'
import type { Language } from './protocol.gen'
import { isLanguage, preferred } from './words/language.svelte'

/** Chosen while nobody was signed in: told to the server with the next sign-in. */
let untold = false

export function chosenLanguage(): Language {
  const chosen = app.chosen.get('language') ?? ''
  return isLanguage(chosen) ? chosen : preferred()
}

export async function chooseLanguage(language: Language): Promise<void> {
  await app.choose('language', language)
  if (app.signedIn) await app.perform({ do: 'set_language', language })
  else untold = true
}

/** Somebody signed in: what they have just chosen here is theirs from now on, or else what they chose elsewhere is spoken here. */
export async function adoptLanguage({ language }: Me): Promise<void> {
  if (untold) await app.perform({ do: 'set_language', language: chosenLanguage() })
  else if (isLanguage(language)) await app.choose('language', language)
  untold = false
}
