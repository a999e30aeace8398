/** Bounds on what a person may make the index do; beyond them the text is cut, not refused. */
const mostCharacters = 2000
const mostWords = 12
const longestWord = 48

/** Words as FTS5's unicode61 sees them: runs of letters, numbers and private-use characters, with their combining marks. */
const word = /[\p{L}\p{N}\p{Co}][\p{L}\p{N}\p{Co}\p{M}]*/gu

export interface QueryWord {
  readonly text: string
  /** The word may go on: it is the last one typed, or was cut. */
  readonly open: boolean
}

/** The words of whatever a person typed; quotes, operators and emoji only separate. */
export function queryWords(q: string): QueryWord[] {
  const found = wordsOf(q.slice(0, mostCharacters)).slice(0, mostWords)
  return found.map((text, index) => ({
    text: [...text].slice(0, longestWord).join(''),
    open: index === found.length - 1 || text.length > longestWord,
  }))
}

export function wordsOf(text: string): string[] {
  return text.toWellFormed().normalize('NFC').match(word) ?? []
}

/** Lower case without diacritics: what the index compares. */
export function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

/**
 * An FTS5 expression (sqlite.org/fts5.html, section 3) that requires every word. Each is a quoted string, in which nothing but a quote
 * has a meaning, and a word never holds one. `finished` takes open words as they stand.
 */
export function matchExpression(words: readonly QueryWord[], finished = false): string {
  return words
    .map(({ text, open }) => {
      // The prefix index begins at two characters: one letter would walk every term.
      const prefix = open && !finished && [...text].length >= 2
      return `"${text}"${prefix ? '*' : ''}`
    })
    .join(' ')
}
