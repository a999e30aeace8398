import { type Language, regionOf } from './locale.ts'

/** Puts values into `{name}` places of a sentence; a place without a value stays as it is. */
export function fill(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place))
}

/** The sentence for a count; all four languages know `one` and `other`. */
export function plural(count: number, language: Language, forms: { one: string; other: string }): string {
  const rule = new Intl.PluralRules(regionOf(language)).select(count)
  return fill(rule === 'one' ? forms.one : forms.other, { count })
}
