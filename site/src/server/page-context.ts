import { type Messages, messagesIn } from '../i18n/messages.ts'
import { type Language, languages, localizePath, regionOf } from '../model/locale.ts'
import type { TownFacts } from '../model/public-record.ts'

export interface Alternate {
  readonly language: Language
  readonly path: string
  readonly url: string
}

/** What every page derives from its request. */
export interface PageContext {
  readonly town: TownFacts
  readonly language: Language
  readonly messages: Messages
  /** The address of a path of the site in the page's language. */
  readonly link: (path: string) => string
  /** The same page in every language. */
  readonly alternates: readonly Alternate[]
  readonly canonicalUrl: string
  readonly region: string
}

/** The address as it was asked for, before the middleware took the language off. */
export function pageContext(locals: App.Locals, url: URL): PageContext {
  const { town, language, path } = locals
  const origin = town.publicUrl ?? url.origin
  const query = url.searchParams.get('q')
  const search = query === null ? '' : `?${new URLSearchParams({ q: query })}`
  const inLanguage = (target: string, wanted: Language) => localizePath(target, wanted, town.language)
  return {
    town,
    language,
    messages: messagesIn(language),
    link: (target) => inLanguage(target, language),
    alternates: languages.map((wanted) => {
      const localized = `${inLanguage(path, wanted)}${search}`
      return { language: wanted, path: localized, url: `${origin}${localized}` }
    }),
    canonicalUrl: `${origin}${inLanguage(path, language)}${search}`,
    region: regionOf(language),
  }
}
