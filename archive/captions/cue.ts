import { type ErrorReport, type Refusal, refuse } from '../core/errors.ts'

/** One timed caption. Times are MediaTime in milliseconds, whole, `endMs` ≥ `startMs`; `text` is plain, lines by "\n". */
export interface Cue {
  readonly startMs: number
  readonly endMs: number
  readonly text: string
}

/** A captions file that cannot be read; `line` counts from 1 and is where the reader stopped. */
export type CaptionsRefusal = Refusal & ErrorReport & { readonly line: number }
export type CaptionsOutcome = { readonly ok: true; readonly value: readonly Cue[] } | CaptionsRefusal

export function refuseCaptions(line: number, problem: string): CaptionsRefusal {
  return { ...refuse('CAPTIONS_INVALID', { message: `Line ${line}: ${problem}.` }), line }
}

/** By start, then by end; cues that overlap stay as they are. */
export function inOrder(cues: readonly Cue[]): Cue[] {
  return cues.toSorted((a, b) => a.startMs - b.startMs || a.endMs - b.endMs)
}
