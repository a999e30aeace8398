import type { Language } from '../model/locale.ts'
import { de } from './de.ts'
import { en } from './en.ts'
import { fr } from './fr.ts'
import { nl } from './nl.ts'

/** Every sentence that the public reads, by key; a language that misses a key does not type-check. */
export type Messages = Readonly<Record<keyof typeof en, string>>

const all: Readonly<Record<Language, Messages>> = { nl, fr, de, en }

export function messagesIn(language: Language): Messages {
  return all[language]
}
