export interface TextPiece {
  readonly text: string
  readonly isMatch: boolean
}

/** Longest query that is searched for; what is longer is cut off, not refused. */
export const longestQuery = 200

/** The query as it is searched: inner space collapsed, cut to `longestQuery`. */
export function cleanQuery(text: string | null): string {
  return (text ?? '').replace(/\s+/g, ' ').trim().slice(0, longestQuery)
}

/** Cuts `text` so that words beginning with a word of the query stand apart; case and accents do not matter. */
export function highlight(text: string, query: string): TextPiece[] {
  const wanted = words(query).map(({ text: word }) => fold(word))
  const pieces: TextPiece[] = []
  let at = 0
  for (const { text: word, index } of words(text)) {
    if (!wanted.some((start) => fold(word).startsWith(start))) continue
    if (index > at) pieces.push({ text: text.slice(at, index), isMatch: false })
    pieces.push({ text: word, isMatch: true })
    at = index + word.length
  }
  if (at < text.length) pieces.push({ text: text.slice(at), isMatch: false })
  return pieces
}

function words(text: string): { text: string; index: number }[] {
  return [...text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)].map((match) => ({ text: match[0], index: match.index }))
}

function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}
