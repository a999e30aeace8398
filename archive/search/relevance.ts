import { folded, type QueryWord, wordsOf } from './query-words.ts'
import type { SearchResult } from './search-index.ts'

/** A title names what a passage is about; a cue merely mentions it. */
const weights = { item: 3, meeting: 2.5, cue: 1 } as const

const exactBonus = 1.3
const phraseBonus = 1.5

/**
 * How well a text that holds all the words answers them: whole words before beginnings, words side by side before words apart, a text
 * about little else before a long one.
 */
export function relevance(words: readonly QueryWord[], kind: SearchResult['kind'], text: string): number {
  const wanted = words.map((word) => folded(word.text))
  const present = wordsOf(text).map(folded)
  const exact = wanted.every((word) => present.includes(word))
  const phrase = wanted.length > 1 && standTogether(wanted, present)
  const density = Math.min(1, wanted.length / Math.max(1, present.length))
  return weights[kind] * (exact ? exactBonus : 1) * (phrase ? phraseBonus : 1) * (1 + density)
}

function standTogether(wanted: readonly string[], present: readonly string[]): boolean {
  const last = wanted.length - 1
  return present.some((_, at) =>
    wanted.every((word, offset) => {
      const there = present[at + offset]
      return offset === last ? there?.startsWith(word) === true : there === word
    }),
  )
}
