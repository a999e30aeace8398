import type { ColumnType } from 'kysely'
import type {
  AlarmId,
  BodyId,
  CommandId,
  IncidentId,
  ItemId,
  JobId,
  KeyId,
  MarkId,
  MeetingId,
  MeetingSessionId,
  PublishSessionId,
  RecordingId,
  RoomId,
  SpanId,
  TownId,
} from '../core/ids.ts'
import type { BodyKind } from '../domain/governing-body.ts'
import type { MeetingState } from '../domain/meeting-state.ts'
import type { TranscriptOrigin } from '../domain/meeting-view.ts'

/** Written by the town scope alone: no insert names it, no update moves a row to another town. */
type OfTown = ColumnType<TownId, never, never>
/** 0 or 1: the one spelling of a truth value that every driver binds alike. */
export type Flag = 0 | 1

/**
 * The rows, column by column. Columns ending in `_ms` that are not durations or MediaTime are WallTime.
 * `json` columns hold text.
 */
export interface Tables {
  town: TownTable
  body: BodyTable
  room: RoomTable
  account: AccountTable
  stream_key: StreamKeyTable
  meeting: MeetingTable
  meeting_session: MeetingSessionTable
  agenda_item: AgendaItemTable
  mark: MarkTable
  command: CommandTable
  publish_session: PublishSessionTable
  recording: RecordingTable
  span: SpanTable
  incident: IncidentTable
  alarm: AlarmTable
  transcript: TranscriptTable
  cue: CueTable
  job: JobTable
  audit: AuditTable
}

interface TownTable {
  id: TownId
  slug: string
  created_at_ms: number
}

export interface BodyTable {
  id: BodyId
  town: OfTown
  slug: string
  name: string
  kind: BodyKind
  publishes_on_end: Flag
  usual_room: RoomId | null
  created_at_ms: number
}

export interface RoomTable {
  id: RoomId
  town: OfTown
  slug: string
  name: string
  keep_unplanned: Flag
  created_at_ms: number
}

/** Reserved: sign-in comes with the console. */
interface AccountTable {
  id: string
  town: OfTown
  email: string
  name: string
  created_at_ms: number
}

export interface StreamKeyTable {
  id: KeyId
  town: OfTown
  room: RoomId
  /** SHA-256 of the key, hex; the key itself is never stored. */
  hash: string
  created_at_ms: number
  revoked_at_ms: number | null
}

export interface MeetingTable {
  id: MeetingId
  town: OfTown
  slug: string
  title: string
  body: BodyId
  /** Null: the usual room of its body. */
  room: RoomId | null
  state: MeetingState
  state_since_ms: number
  planned_local: string
  time_zone: string
  /** Derived from the two above when they are written. */
  planned_start_ms: number
  /** The date of the first planning: kept when the meeting is adjourned. */
  local_date: string
  recording: RecordingId | null
  current_item: ItemId | null
  resumes_at_ms: number | null
  auto_start: Flag
  /** A draft made from an unplanned feed: on no list until it is published. */
  unlisted: Flag
  revision: number
  started_at_ms: number | null
  ended_at_ms: number | null
  published_at_ms: number | null
  created_at_ms: number
}

interface MeetingSessionTable {
  id: MeetingSessionId
  town: OfTown
  meeting: MeetingId
  planned_local: string
  planned_start_ms: number
  started_at_ms: number | null
  ended_at_ms: number | null
}

export interface AgendaItemTable {
  id: ItemId
  town: OfTown
  meeting: MeetingId
  position: number
  number: string
  title: string
  depth: number
  is_public: Flag
}

export interface MarkTable {
  id: MarkId
  town: OfTown
  meeting: MeetingId
  kind: 'item' | 'undo'
  item: ItemId | null
  undoes: MarkId | null
  at_ms: number
  pressed_at_ms: number
  by_whom: string
  source: string
}

interface CommandTable {
  id: CommandId
  town: OfTown
  meeting: MeetingId
  at_ms: number
  by_whom: string
  source: string
  action_json: string
  outcome_json: string
}

export interface PublishSessionTable {
  id: PublishSessionId
  town: OfTown
  room: RoomId
  key: KeyId | null
  meeting: MeetingId | null
  address: string | null
  encoder: string | null
  opened_at_ms: number
  closed_at_ms: number | null
  cause: string | null
}

export interface RecordingTable {
  id: RecordingId
  town: OfTown
  meeting: MeetingId
  created_at_ms: number
  ended_at_ms: number | null
  /** Started by mistake or deleted: its addresses answer 410 for ever. */
  withdrawn_at_ms: number | null
}

export interface SpanTable {
  id: SpanId
  town: OfTown
  recording: RecordingId
  index: number
  wall_ms: number
  /** MediaTime. */
  media_start_ms: number
  duration_ms: number | null
  master: string
  cause: string | null
}

export interface IncidentTable {
  id: IncidentId
  town: OfTown
  room: RoomId | null
  meeting: MeetingId | null
  recording: RecordingId | null
  code: string
  detail: string
  opened_at_ms: number
  closed_at_ms: number | null
}

/** A fault of the published stream that a monitor noticed; its incident says from when to when. */
export interface AlarmTable {
  id: AlarmId
  town: OfTown
  meeting: MeetingId
  incident: IncidentId
  code: string
  detail: string
  since_ms: number
  /** When viewers began to be told. */
  told_at_ms: number | null
  acknowledged_at_ms: number | null
  acknowledged_by: string | null
  closed_at_ms: number | null
}

export interface TranscriptTable {
  id: string
  town: OfTown
  meeting: MeetingId
  language: string
  origin: TranscriptOrigin
  reviewed: Flag
  created_at_ms: number
}

interface CueTable {
  transcript: string
  town: OfTown
  position: number
  /** MediaTime. */
  start_ms: number
  end_ms: number
  text: string
}

export interface JobTable {
  id: JobId
  town: OfTown
  kind: string
  /** At most one job of a key waits. */
  key: string
  payload_json: string
  priority: number
  state: 'waiting' | 'running' | 'done' | 'poisoned'
  run_after_ms: number
  attempts: number
  lease: string | null
  leased_until_ms: number | null
  last_error: string | null
  created_at_ms: number
  finished_at_ms: number | null
}

interface AuditTable {
  id: string
  town: OfTown
  at_ms: number
  by_whom: string
  action: string
  subject: string
  detail: string
}
