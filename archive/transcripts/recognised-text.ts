import type { SpokenWord } from './speech-engine.ts'

/** What a recogniser hands back for a stretch; times in seconds from its start, one for each token. */
export interface RecognisedTokens {
  readonly text: string
  readonly tokens: readonly string[]
  readonly timestamps: readonly number[]
  readonly durations: readonly number[]
}

/** Sounds that models describe instead of words: "[muziek]", "(applaus)", "*schreit*", notes. */
const sounds = /\[[^\]]{0,80}\]|\([^)]{0,80}\)|\*[^*]{1,80}\*|[♪♫]+/gu

/** The words without described sounds; empty when nothing was said. */
export function spokenText(text: string): string {
  const words = text.replace(sounds, ' ').replace(/\s+/g, ' ').trim()
  return /[\p{L}\p{N}]/u.test(words) ? words : ''
}

/**
 * Words with their times: a token that begins with a space begins a word. Where the tokens do not make up the text (letters split between
 * tokens, sounds removed), the words share the time by their lengths. Milliseconds, shifted by `offsetMs`, within `lengthMs`.
 */
export function spokenWords(result: RecognisedTokens, offsetMs: number, lengthMs: number): SpokenWord[] {
  const words = spokenText(result.text).split(' ').filter(Boolean)
  const times = tokenTimes(result)
  const within = (seconds: number) => Math.round(offsetMs + Math.min(lengthMs, Math.max(0, seconds * 1000)))
  if (times.length !== words.length) return shareTime(words, offsetMs, lengthMs)
  return words.map((text, index) => {
    const startMs = within(times[index]?.start ?? 0)
    return { text, startMs, endMs: Math.max(startMs, within(times[index]?.end ?? 0)) }
  })
}

function tokenTimes(result: RecognisedTokens): { start: number; end: number }[] {
  const times: { start: number; end: number }[] = []
  for (const [index, token] of result.tokens.entries()) {
    const start = result.timestamps[index] ?? 0
    const end = start + (result.durations[index] ?? 0)
    const current = times.at(-1)
    if (current === undefined || token.startsWith(' ')) times.push({ start, end })
    else current.end = end
  }
  return times
}

function shareTime(words: readonly string[], offsetMs: number, lengthMs: number): SpokenWord[] {
  const total = words.reduce((sum, word) => sum + word.length + 1, 0)
  let before = 0
  return words.map((text) => {
    const startMs = Math.round(offsetMs + (lengthMs * before) / total)
    before += text.length + 1
    return { text, startMs, endMs: Math.round(offsetMs + (lengthMs * before) / total) }
  })
}
