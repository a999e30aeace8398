import type { ItemId, MeetingId, RecordingId } from '../core/ids.ts'
import type { MeetingKind } from './governing-body.ts'
import type { MeetingState } from './meeting-state.ts'
import type { StreamFault } from './stream-fault.ts'

/** A meeting as the API, the pages and `meeting show` present it. Seconds are MediaTime. */
export interface MeetingView {
  readonly id: MeetingId
  readonly slug: string
  readonly title: string
  /** Slug of the body. */
  readonly body: string
  readonly bodyName: string
  readonly kind: MeetingKind
  readonly state: MeetingState
  /** Live, and no encoder is connected in its room. */
  readonly interrupted: boolean
  /** ISO 8601 with the offset of `timeZone` on that day. */
  readonly plannedAt: string
  /** The date on the invitation, however late the meeting ends. */
  readonly localDate: string
  readonly timeZone: string
  /** ISO 8601 UTC, or null where it has not happened. */
  readonly startedAt: string | null
  readonly endedAt: string | null
  /** When the chair means to go on after a pause. */
  readonly resumesAt: string | null
  /** Grows with every change that this view shows. */
  readonly revision: number
  readonly currentItemId: ItemId | null
  readonly recording: RecordingId | null
  readonly agenda: readonly AgendaItemView[]
  readonly chapters: readonly ChapterView[]
  readonly live: { readonly hls: string } | null
  readonly replay: { readonly hls: string } | null
  /** What was captured and when, in order: between MediaTime and the dates of a live stream. */
  readonly spans: readonly SpanView[]
  /** Captured media in all; null while it may grow. */
  readonly durationSeconds: number | null
  readonly transcripts: readonly TranscriptFacts[]
  /** What is wrong with the stream, once it has lasted and while nobody has acknowledged it; null otherwise. */
  readonly alarm: { readonly code: StreamFault; readonly since: string } | null
  readonly url: string
}

export interface SpanView {
  /** ISO 8601 UTC. */
  readonly startedAt: string
  readonly mediaStartSeconds: number
  /** Null while it goes on. */
  readonly durationSeconds: number | null
}

export interface AgendaItemView {
  readonly id: ItemId
  readonly number: string
  readonly title: string
  readonly depth: number
  readonly public: boolean
}

export interface ChapterView {
  readonly itemId: ItemId
  readonly number: string
  readonly title: string
  readonly startSeconds: number
  readonly endSeconds: number | null
  /** ISO 8601 UTC. */
  readonly startedAt: string
}

export type TranscriptOrigin = 'automatic' | 'imported'

export interface TranscriptFacts {
  readonly language: string
  readonly origin: TranscriptOrigin
  readonly reviewed: boolean
}

export interface TranscriptView extends TranscriptFacts {
  readonly cues: readonly CueView[]
}

export interface CueView {
  readonly startSeconds: number
  readonly endSeconds: number
  readonly text: string
}

/** A meeting in a list. */
export type MeetingSummaryView = Pick<
  MeetingView,
  | 'slug'
  | 'title'
  | 'body'
  | 'bodyName'
  | 'kind'
  | 'state'
  | 'interrupted'
  | 'plannedAt'
  | 'localDate'
  | 'timeZone'
  | 'revision'
  | 'url'
>
