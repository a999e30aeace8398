import type { Cue } from '../captions/cue.ts'
import type { SpokenWord, Utterance } from './speech-engine.ts'

/** What a viewer can read (EBU R 37 and broadcasters' practice): two lines of 42 characters, seven seconds. */
const longestLine = 42
const longestText = 2 * longestLine
const longestMs = 7000
/** A pause that ends a caption even in the middle of a sentence. */
const pauseMs = 800
/** A caption of a word or two would flash by: it stays a little longer where there is room. */
const shortestMs = 1000

/** Captions of one utterance, cut at sentence ends, pauses and commas, shifted by `offsetMs`. */
export function cuesOf(utterance: Utterance, offsetMs = 0): Cue[] {
  const words = utterance.words.length > 0 ? utterance.words : [{ ...utterance }]
  const groups = words.length > 0 ? grouped(words) : []
  return groups.map((group, index) => {
    const startMs = group[0]?.startMs ?? utterance.startMs
    const spokenUntil = group.at(-1)?.endMs ?? utterance.endMs
    const nextStart = groups[index + 1]?.[0]?.startMs ?? Math.max(utterance.endMs, startMs + shortestMs)
    const endMs = Math.min(startMs + longestMs, Math.max(spokenUntil, Math.min(nextStart, startMs + shortestMs)))
    return { startMs: startMs + offsetMs, endMs: endMs + offsetMs, text: inLines(textOf(group)) }
  })
}

/** Later captions that begin before an earlier one ends, by a rounding or a short extension, push its end back. */
export function withoutOverlap(cues: readonly Cue[]): Cue[] {
  return cues.map((cue, index) => {
    const next = cues[index + 1]
    return next && next.startMs > cue.startMs && next.startMs < cue.endMs ? { ...cue, endMs: next.startMs } : cue
  })
}

function grouped(words: readonly SpokenWord[]): SpokenWord[][] {
  const groups: SpokenWord[][] = []
  let group: SpokenWord[] = []
  for (const word of words) {
    if (group.length > 0 && !fits([...group, word])) {
      const cut = cutAt(group)
      groups.push(group.slice(0, cut))
      group = group.slice(cut)
    }
    const last = group.at(-1)
    if (last && (endsSentence(last.text) || word.startMs - last.endMs > pauseMs)) {
      groups.push(group)
      group = []
    }
    group.push(word)
  }
  return group.length > 0 ? [...groups, group] : groups
}

function fits(group: readonly SpokenWord[]): boolean {
  const duration = (group.at(-1)?.endMs ?? 0) - (group[0]?.startMs ?? 0)
  const text = textOf(group)
  return duration <= longestMs && text.length <= longestText && inLines(text).split('\n').length <= 2
}

/** How many words stay: up to the last comma in the second half, or all. */
function cutAt(group: readonly SpokenWord[]): number {
  const comma = group.findLastIndex(({ text }) => /[,;:–]$/.test(text))
  return comma + 1 >= group.length / 2 ? comma + 1 : group.length
}

/** "1." and "art." end no sentence; a wrong guess only makes a shorter caption. */
function endsSentence(word: string): boolean {
  return /\p{L}{4,}[.!?…]["”»']?$/u.test(word) || /[!?…]["”»']?$/u.test(word)
}

function textOf(group: readonly SpokenWord[]): string {
  return group.map(({ text }) => text).join(' ')
}

/** One line where it fits, else two of nearly equal length; only a text without spaces runs over. */
function inLines(text: string): string {
  if (text.length <= longestLine) return text
  const spaces = [...text.matchAll(/ /g)].map(({ index }) => index)
  const best = spaces.toSorted((a, b) => longer(text, a) - longer(text, b))[0]
  if (best === undefined) return text
  const lines = `${text.slice(0, best)}\n${text.slice(best + 1)}`
  return longer(text, best) <= longestLine ? lines : `${lines.slice(0, best)}\n${inLines(text.slice(best + 1))}`
}

function longer(text: string, space: number): number {
  return Math.max(space, text.length - space - 1)
}
