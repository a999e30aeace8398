import type { CueView } from '#archive/domain/meeting-view.ts'

/** Cues that read as one paragraph. */
export interface Passage {
  readonly startSeconds: number
  readonly cues: readonly CueView[]
}

/** A silence this long begins a new paragraph; so does a sentence that ends beyond the length. */
const silenceSeconds = 2.5
const lengthCharacters = 420

export function passages(cues: readonly CueView[]): Passage[] {
  const found: { startSeconds: number; cues: CueView[] }[] = []
  let length = 0
  for (const cue of cues) {
    const last = found.at(-1)
    const before = last?.cues.at(-1)
    if (!last || !before || breaks(before, cue, length)) {
      found.push({ startSeconds: cue.startSeconds, cues: [cue] })
      length = cue.text.length
    } else {
      last.cues.push(cue)
      length += cue.text.length
    }
  }
  return found
}

function breaks(before: CueView, next: CueView, length: number): boolean {
  if (next.startSeconds - before.endSeconds >= silenceSeconds) return true
  return length >= lengthCharacters && /[.?!…]["”»']?$/.test(before.text)
}

/** Index of the last cue that began at or before `seconds`; -1 before the first. Cues are in order of their start. */
export function cueAt(cues: readonly CueView[], seconds: number): number {
  let low = 0
  let high = cues.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((cues[middle]?.startSeconds ?? 0) <= seconds + 0.05) low = middle + 1
    else high = middle
  }
  return low - 1
}
