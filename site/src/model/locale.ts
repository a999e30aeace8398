/** Languages of the site; `HEMICYCLE_LANGUAGE` accepts the same ones. */
export const languages = ['nl', 'fr', 'de', 'en'] as const
export type Language = (typeof languages)[number]

/** The regional form that dates and numbers follow. */
const regions: Readonly<Record<Language, string>> = { nl: 'nl-BE', fr: 'fr-BE', de: 'de-BE', en: 'en-GB' }

export function regionOf(language: Language): string {
  return regions[language]
}

export function isLanguage(text: string): text is Language {
  return (languages as readonly string[]).includes(text)
}

export interface LocalizedPath {
  /** The language that the path names; null when it names none. */
  readonly language: Language | null
  /** The path without its language, beginning with a slash. */
  readonly path: string
}

export function splitPath(pathname: string): LocalizedPath {
  const [, first = '', ...rest] = pathname.split('/')
  // A second slash at the beginning would make the path an address on another host.
  const path = `/${rest.join('/')}`.replace(/^\/+/, '/')
  return isLanguage(first) ? { language: first, path } : { language: null, path: pathname }
}

/** The address of `path` in `language`: without a prefix in the town's own. */
export function localizePath(path: string, language: Language, townLanguage: Language): string {
  if (language === townLanguage) return path
  return path === '/' ? `/${language}` : `/${language}${path}`
}
