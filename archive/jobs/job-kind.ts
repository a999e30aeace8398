import type { MeetingId, RecordingId } from '../core/ids.ts'

/** What each kind of job is told. Everything else it reads when it runs. */
export interface JobPayload {
  /** Titles, agenda, chapters, words or publication changed. */
  readonly 'index-meeting': { readonly meeting: MeetingId }
  /** The meeting ended: write the manifest, bring the rest of the spool to the store. */
  readonly 'finalise-recording': { readonly meeting: MeetingId; readonly recording: RecordingId }
  /** The recording became public. */
  readonly 'transcribe-recording': { readonly meeting: MeetingId; readonly recording: RecordingId }
  /** Started by mistake: no byte of it may stay. */
  readonly 'delete-recording': { readonly meeting: MeetingId; readonly recording: RecordingId }
}

export type JobKind = keyof JobPayload

/** The first try and seven more, which the delays below spread over about two hours. */
export const mostAttempts = 8

const firstDelayMs = 2_000
const longestDelayMs = 3_600_000

/** Before the attempt that follows attempt number `attempts`: 2 s, 8 s, 32 s, … an hour at most. */
export function retryDelayMs(attempts: number): number {
  return Math.min(longestDelayMs, firstDelayMs * 4 ** Math.max(0, attempts - 1))
}
