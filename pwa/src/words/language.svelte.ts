// The language that is spoken. English comes with the app; another is fetched when it is first spoken.
import type { Language } from '../protocol.gen'
import { en, type Catalogue } from './en'
import { refusals, type RefusalWords } from './refusals.en'

export interface Words {
  readonly messages: Catalogue
  readonly refusals: RefusalWords
}

/** Each by its own name, so that one finds theirs whatever is spoken now. */
export const LANGUAGES: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch', es: 'Español', fr: 'Français' }
export const english: Words = { messages: en, refusals }
const OTHERS: Readonly<Record<Exclude<Language, 'en'>, () => Promise<{ readonly words: Words }>>> = {
  de: () => import('./de'),
  es: () => import('./es'),
  fr: () => import('./fr'),
}
/** What the browser asks for, the dearest first. */
const wanted: readonly string[] = globalThis.navigator?.languages ?? []

class Spoken {
  tag = $state<Language>('en')
  words = $state.raw(english)
  /** With the country where the browser names one: numbers and dates differ between countries of one language. */
  readonly locale = $derived(wanted.find((each) => languageOf(each) === this.tag) ?? this.tag)
  readonly plurals = $derived(new Intl.PluralRules(this.locale))
}
export const spoken = new Spoken()
let asked: Language = 'en'

export function isLanguage(tag: string): tag is Language {
  return tag in LANGUAGES
}

/** The first of the browser's languages that there are words for. */
export function preferred(): Language {
  return wanted.map(languageOf).find(isLanguage) ?? 'en'
}

/** From now on, words are in this language; of two asked for at once, the last. Fails where its words cannot be fetched. */
export async function speak(tag: Language): Promise<void> {
  asked = tag
  const words = tag === 'en' ? english : (await OTHERS[tag]()).words
  if (asked !== tag) return
  spoken.tag = tag
  spoken.words = words
}

function languageOf(tag: string): string {
  return tag.slice(0, 2).toLowerCase()
}
