import type { MeetingId, RecordingId, SpanId, TownId } from '../core/ids.ts'
import type { RenditionName, RenditionSpec, SpanCause } from './packaging.ts'

/**
 * One line of a recording's journal: what has become of the recording, in order, sufficient to rebuild it.
 * The same objects travel from *live* to every edge. `mediaStartMs` is MediaTime at the start of the span.
 */
export type JournalEvent =
  | {
      readonly type: 'recording'
      readonly version: 1
      readonly recording: RecordingId
      readonly town: TownId
      readonly meeting: MeetingId
      readonly slug: string
      readonly atMs: number
    }
  | {
      readonly type: 'span'
      readonly span: SpanId
      readonly index: number
      readonly wallMs: number
      readonly mediaStartMs: number
      readonly master: RenditionName
      readonly renditions: readonly RenditionSpec[]
    }
  | {
      readonly type: 'init'
      readonly span: SpanId
      readonly rendition: RenditionName
      readonly sizeBytes: number
      readonly sha256: string
    }
  | SegmentEvent
  | {
      readonly type: 'gap'
      readonly span: SpanId
      readonly rendition: RenditionName
      readonly n: number
      readonly durationMs: number
    }
  | {
      readonly type: 'span-end'
      readonly span: SpanId
      readonly durationMs: number
      readonly cause: SpanCause | 'crashed'
    }
  | SlateEvent
  /** The slate was shown for so many slots (see slate-layout.ts) in all. */
  | { readonly type: 'slate-end'; readonly span: SpanId; readonly slots: number }
  /** Numbers below `upTo` may have been announced: a restarted process goes on from there. */
  | { readonly type: 'numbers'; readonly upTo: number }
  | { readonly type: 'ended'; readonly atMs: number }
  | { readonly type: 'reopened'; readonly atMs: number }

export interface SegmentEvent {
  readonly type: 'segment'
  readonly span: SpanId
  readonly rendition: RenditionName
  readonly n: number
  readonly startTicks: number
  readonly durationTicks: number
  readonly sizeBytes: number
  /** Hex. */
  readonly sha256: string
  readonly parts: readonly PartFacts[]
}

/** Why nothing is captured. */
export type SlateReason = 'paused' | 'closed' | 'interrupted'

/**
 * Nothing is captured from here on and the live stream goes on with a slate: a picture that is arithmetic on a few stored
 * bytes, so that hours of it are two lines. Its segments have the numbers from `fromNumber` on.
 */
export interface SlateEvent {
  readonly type: 'slate'
  /** Of its own, for its addresses; no span of the recording. */
  readonly span: SpanId
  /** Of the span that follows. */
  readonly index: number
  /** Names the pictures in the spool. */
  readonly asset: string
  readonly renditions: readonly RenditionSpec[]
  readonly fromNumber: number
  readonly wallMs: number
  readonly why: SlateReason
}

export interface PartFacts {
  readonly durationTicks: number
  readonly sizeBytes: number
  readonly independent: boolean
}
