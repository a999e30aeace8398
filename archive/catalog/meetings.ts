import { type BodyId, type ItemId, type MeetingId, newId, type RecordingId, type RoomId } from '../core/ids.ts'
import type { BodyKind } from '../domain/governing-body.ts'
import { dateOf, type PlannedTime } from '../domain/local-time.ts'
import type { MeetingState } from '../domain/meeting-state.ts'
import { uniqueSlug } from '../domain/slug.ts'
import { enqueueIndexing } from './touch.ts'
import type { TownDb } from './town-db.ts'

export interface Meeting {
  readonly id: MeetingId
  readonly slug: string
  readonly title: string
  readonly body: { readonly id: BodyId; readonly slug: string; readonly name: string; readonly kind: BodyKind }
  readonly publishesOnEnd: boolean
  /** Its own, or its body's usual one. */
  readonly room: RoomId | null
  readonly state: MeetingState
  readonly stateSinceMs: number
  readonly planned: PlannedTime
  readonly localDate: string
  readonly recording: RecordingId | null
  readonly currentItem: ItemId | null
  readonly resumesAtMs: number | null
  readonly autoStart: boolean
  readonly unlisted: boolean
  readonly revision: number
  readonly startedAtMs: number | null
  readonly endedAtMs: number | null
  readonly publishedAtMs: number | null
}

export interface MeetingDraft {
  /** Made unique by a suffix. */
  readonly slug: string
  readonly title: string
  readonly body: BodyId
  readonly room: RoomId | null
  readonly planned: PlannedTime
  readonly autoStart?: boolean
  readonly unlisted?: boolean
  readonly state?: 'scheduled' | 'waiting'
}

export async function addMeeting(
  db: TownDb,
  draft: MeetingDraft,
  nowMs: number,
): Promise<{ id: MeetingId; slug: string }> {
  const { title, body, room, planned, autoStart = false, unlisted = false, state = 'scheduled' } = draft
  const alike = await db.sql.selectFrom('meeting').select('slug').where('slug', 'like', `${draft.slug}%`).execute()
  const slug = uniqueSlug(draft.slug, new Set(alike.map((row) => row.slug)))
  const id = newId<'meeting'>()
  await db.sql
    .insertInto('meeting')
    .values({
      ...{ id, slug, title, body, room, state, state_since_ms: nowMs, revision: 1, created_at_ms: nowMs },
      ...{ planned_local: planned.local, time_zone: planned.zone, planned_start_ms: planned.startMs },
      ...{ local_date: dateOf(planned.local), auto_start: autoStart ? 1 : 0, unlisted: unlisted ? 1 : 0 },
      ...{ recording: null, current_item: null, resumes_at_ms: null },
      ...{ started_at_ms: null, ended_at_ms: null, published_at_ms: null },
    })
    .execute()
  await addMeetingSession(db, id, planned)
  await enqueueIndexing(db, id, nowMs)
  return { id, slug }
}

/** A contiguous working period: the first when a meeting is planned, another when it is adjourned. */
export async function addMeetingSession(db: TownDb, meeting: MeetingId, planned: PlannedTime): Promise<void> {
  await db.sql
    .insertInto('meeting_session')
    .values({
      id: newId<'meeting-session'>(),
      meeting,
      planned_local: planned.local,
      planned_start_ms: planned.startMs,
      started_at_ms: null,
      ended_at_ms: null,
    })
    .execute()
}

export async function meetingBySlug(db: TownDb, slug: string): Promise<Meeting | null> {
  const row = await joined(db).where('meeting.slug', '=', slug).executeTakeFirst()
  return row ? meetingOf(row) : null
}

export async function meetingById(db: TownDb, id: MeetingId): Promise<Meeting | null> {
  const row = await joined(db).where('meeting.id', '=', id).executeTakeFirst()
  return row ? meetingOf(row) : null
}

/** Every one in these states, or every one; the earliest planned first. */
export async function listMeetings(db: TownDb, states?: readonly MeetingState[]): Promise<Meeting[]> {
  const all = joined(db).orderBy('meeting.planned_start_ms').orderBy('meeting.id')
  return (await (states ? all.where('meeting.state', 'in', states) : all).execute()).map(meetingOf)
}

export interface MeetingWindow {
  readonly states: readonly MeetingState[]
  readonly body?: BodyId
  /** Planned to start then or later. */
  readonly sinceMs?: number
  readonly withUnlisted: boolean
  readonly order: 'earliest-first' | 'latest-first'
  readonly limit: number
}

export async function meetingsIn(db: TownDb, window: MeetingWindow): Promise<Meeting[]> {
  const { states, body, sinceMs, withUnlisted, order, limit } = window
  let query = joined(db)
    .where('meeting.state', 'in', states)
    .orderBy('meeting.planned_start_ms', order === 'earliest-first' ? 'asc' : 'desc')
    .limit(limit)
  if (sinceMs !== undefined) query = query.where('meeting.planned_start_ms', '>=', sinceMs)
  if (!withUnlisted) query = query.where('meeting.unlisted', '=', 0)
  if (body) query = query.where('meeting.body', '=', body)
  return (await query.execute()).map(meetingOf)
}

/** Those of a room that may matter to its feed: not over, or over since `sinceMs`. */
export async function meetingsOfRooms(db: TownDb, sinceMs: number): Promise<Meeting[]> {
  const rows = await joined(db)
    .where((row) =>
      row.or([
        row('meeting.state', 'in', ['scheduled', 'waiting', 'live', 'paused', 'closed']),
        row('meeting.state_since_ms', '>=', sinceMs),
      ]),
    )
    .orderBy('meeting.planned_start_ms')
    .execute()
  return rows.map(meetingOf)
}

function joined(db: TownDb) {
  return db.sql
    .selectFrom('meeting')
    .innerJoin('body', 'body.id', 'meeting.body')
    .selectAll('meeting')
    .select(['body.slug as body_slug', 'body.name as body_name', 'body.kind as body_kind'])
    .select(['body.publishes_on_end as publishes_on_end', 'body.usual_room as usual_room'])
}

type JoinedRow = Awaited<ReturnType<ReturnType<typeof joined>['executeTakeFirstOrThrow']>>

function meetingOf(row: JoinedRow): Meeting {
  return {
    id: row.id,
    slug: row.slug,
    title: row.title,
    body: { id: row.body, slug: row.body_slug, name: row.body_name, kind: row.body_kind },
    // A draft was recorded without anybody's press: a person decides whether the public sees it.
    publishesOnEnd: row.publishes_on_end === 1 && row.unlisted !== 1,
    room: row.room ?? row.usual_room,
    state: row.state,
    stateSinceMs: row.state_since_ms,
    planned: { local: row.planned_local, zone: row.time_zone, startMs: row.planned_start_ms },
    localDate: row.local_date,
    recording: row.recording,
    currentItem: row.current_item,
    resumesAtMs: row.resumes_at_ms,
    autoStart: row.auto_start === 1,
    unlisted: row.unlisted === 1,
    revision: row.revision,
    startedAtMs: row.started_at_ms,
    endedAtMs: row.ended_at_ms,
    publishedAtMs: row.published_at_ms,
  }
}
