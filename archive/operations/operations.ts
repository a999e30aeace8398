import type { Outcome } from '../core/errors.ts'
import type { AlarmId, BodyId, ItemId, KeyId, MeetingId, RoomId } from '../core/ids.ts'
import type { AgendaEntry } from '../domain/agenda.ts'
import type { BodyKind } from '../domain/governing-body.ts'
import type { IncidentView } from '../domain/incident-log.ts'
import type { MeetingState } from '../domain/meeting-state.ts'
import type {
  MeetingSummaryView,
  MeetingView,
  TranscriptFacts,
  TranscriptOrigin,
  TranscriptView,
} from '../domain/meeting-view.ts'
import type { RoomStatus } from './live-control.ts'

/** What the command line, the API and the console may ask. Refusals are answers; only faults are thrown. */
export interface Operations {
  addBody(body: NewBody): Promise<Outcome<{ id: BodyId; slug: string }>>
  listBodies(): Promise<BodyView[]>
  addRoom(room: NewRoom): Promise<Outcome<{ id: RoomId; slug: string }>>
  listRooms(): Promise<RoomView[]>
  /** A key for a room, or for the usual room of a body, which is made when missing. `key` is shown this once. */
  addKey(holder: { room: string } | { body: string }): Promise<Outcome<{ id: KeyId; key: string; room: string }>>
  listKeys(): Promise<KeyView[]>
  revokeKey(id: string): Promise<Outcome<{ id: KeyId; live: LiveAnswer }>>
  addMeeting(meeting: NewMeeting): Promise<Outcome<AddedMeeting>>
  showMeeting(slug: string, audience?: Audience): Promise<Outcome<MeetingView>>
  listMeetings(choice?: MeetingChoice): Promise<MeetingSummaryView[]>
  /** The commands of a meeting that need nothing but its slug. */
  command(slug: string, action: PlainAction): Promise<Outcome<CommandResult>>
  /** `until`: when the chair means to go on, ISO; local time of the meeting's zone when it has no offset. */
  pause(slug: string, until?: string): Promise<Outcome<CommandResult>>
  /** Several numbers with commas between them are treated together. `agoSeconds`: the press comes that much late. */
  item(slug: string, numbers: string, agoSeconds?: number): Promise<Outcome<CommandResult>>
  /** Takes back the latest mark that stands. */
  undo(slug: string): Promise<Outcome<CommandResult>>
  /** `to`: ISO date and time, local time of the meeting's zone when it has no offset. */
  adjourn(slug: string, to: string): Promise<Outcome<CommandResult>>
  /** What was recorded under `slug` belongs to meeting `to` instead, marks excepted. */
  moveToMeeting(slug: string, to: string): Promise<Outcome<{ slug: string }>>
  importTranscript(slug: string, transcript: NewTranscript): Promise<Outcome<TranscriptFacts & { cues: number }>>
  /** The reviewed or imported transcript before the automatic one; the town's language first where none is named. */
  showTranscript(slug: string, choice?: { language?: string; audience?: Audience }): Promise<Outcome<TranscriptView>>
  search(query: string, limit?: number): Promise<{ results: SearchResult[] }>
  /** What every room receives at this moment. */
  feeds(): Promise<Outcome<RoomStatus[]>>
  /** The incident log of a meeting, the earliest first. */
  incidents(slug: string): Promise<Outcome<IncidentView[]>>
  /** Faults of published streams that stand at this moment. */
  alarms(): Promise<AlarmView[]>
  /** Somebody takes care: viewers are not told, or no longer. */
  acknowledgeAlarm(id: string): Promise<Outcome<AlarmView>>
}

/** `public` sees no draft, and no transcript of a recording that is not public. */
export type Audience = 'public' | 'operator'

export type PlainAction =
  | 'start'
  | 'pause'
  | 'closed'
  | 'resume'
  | 'end'
  | 'publish'
  | 'unpublish'
  | 'reopen'
  | 'started-by-mistake'
  | 'cancel'

/**
 * `confirmed`: *live* has done it. `unreachable`: it is in the catalogue and takes effect when *live* answers again.
 * `not-needed`: the command does not concern *live*.
 */
export type LiveAnswer = 'confirmed' | 'unreachable' | 'not-needed'

export interface CommandResult {
  readonly slug: string
  readonly state: MeetingState
  readonly live: LiveAnswer
  /** False when only *live* has it so far; it writes it to the catalogue as soon as it can. */
  readonly catalogued: boolean
}

export interface NewBody {
  readonly name: string
  /** Made from the name when absent. */
  readonly slug?: string
  readonly kind?: BodyKind
  readonly publishesOnEnd?: boolean
  /** Slug of its usual room. */
  readonly room?: string
}

export interface NewRoom {
  readonly name: string
  readonly slug?: string
  readonly keepUnplanned?: boolean
}

export interface NewMeeting {
  /** Slug of the body. */
  readonly body: string
  readonly title: string
  /** ISO date and time, local time of the zone when it has no offset. */
  readonly at: string
  readonly timeZone?: string
  /** Slug of the room; the body's usual room when absent. */
  readonly room?: string
  readonly slug?: string
  readonly agenda?: readonly AgendaEntry[]
  /** Starts by itself when an encoder is connected, from the planned time on. */
  readonly autoStart?: boolean
}

export interface AddedMeeting {
  readonly id: MeetingId
  readonly slug: string
  readonly url: string
  readonly agenda: readonly { readonly id: ItemId; readonly number: string; readonly title: string }[]
}

export interface MeetingChoice {
  /** `open`: started or about to; `upcoming`: the nearest first; `past`: the latest first; every one when absent. */
  readonly when?: 'open' | 'upcoming' | 'past'
  readonly body?: string
  readonly audience?: Audience
  readonly limit?: number
}

export interface NewTranscript {
  readonly language: string
  readonly origin: TranscriptOrigin
  /** In MediaTime. */
  readonly cues: readonly { readonly startMs: number; readonly endMs: number; readonly text: string }[]
}

export interface BodyView {
  readonly id: BodyId
  readonly slug: string
  readonly name: string
  readonly kind: BodyKind
  readonly publishesOnEnd: boolean
  readonly room: string | null
}

export interface RoomView {
  readonly id: RoomId
  readonly slug: string
  readonly name: string
  readonly keepUnplanned: boolean
}

export interface KeyView {
  readonly id: KeyId
  readonly room: string
  readonly createdAt: string
  readonly revokedAt: string | null
}

export interface AlarmView {
  readonly id: AlarmId
  /** Slug. */
  readonly meeting: string
  readonly code: string
  readonly what: string
  readonly todo: string
  readonly detail: string
  /** ISO 8601 UTC, or null where it has not happened. */
  readonly since: string
  readonly told: string | null
  readonly acknowledged: { readonly at: string; readonly by: string } | null
}

export interface SearchResult {
  /** Slug. */
  readonly meeting: string
  readonly title: string
  readonly text: string
  readonly kind: 'meeting' | 'item' | 'cue'
  readonly startSeconds: number | null
  readonly url: string
}
