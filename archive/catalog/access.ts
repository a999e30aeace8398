import type { ItemId, MeetingId, RecordingId } from '../core/ids.ts'
import { isoWithOffset } from '../domain/local-time.ts'
import type { MeetingState } from '../domain/meeting-state.ts'
import { isOpen } from '../domain/serving.ts'
import { listMeetings, type Meeting } from './meetings.ts'
import { connectedRooms } from './sessions.ts'
import type { TownDb } from './town-db.ts'

/** `withdrawn` answers 410 for ever; `private` is for signed-in accounts alone. */
export type Access = 'public' | 'private' | 'withdrawn'

export interface MediaAccess {
  readonly recording: RecordingId
  readonly meeting: MeetingId
  readonly slug: string
  readonly state: MeetingState
  readonly access: Access
  readonly publishedAtMs: number | null
}

/** Whether the media of a meeting in this state may be seen by everybody. A draft is public only when it is published. */
export function isPublic({ state, unlisted }: Pick<Meeting, 'state' | 'unlisted'>): boolean {
  return state === 'published' || (isOpen(state) && !unlisted)
}

/** Of every recording there is. */
export async function mediaAccess(db: TownDb): Promise<MediaAccess[]> {
  const rows = await db.sql
    .selectFrom('recording')
    .innerJoin('meeting', 'meeting.id', 'recording.meeting')
    .select(['recording.id as recording', 'recording.withdrawn_at_ms', 'meeting.id as meeting', 'meeting.slug'])
    .select(['meeting.state', 'meeting.unlisted', 'meeting.published_at_ms', 'meeting.recording as current'])
    .execute()
  return rows.map((row) => {
    const isWithdrawn = row.withdrawn_at_ms !== null
    const isShown = row.current === row.recording && isPublic({ state: row.state, unlisted: row.unlisted === 1 })
    return {
      recording: row.recording,
      meeting: row.meeting,
      slug: row.slug,
      state: row.state,
      access: isWithdrawn ? 'withdrawn' : isShown ? 'public' : 'private',
      publishedAtMs: row.published_at_ms,
    }
  })
}

/** What a page that follows a meeting has to be told when it changes. */
export interface MeetingSummary {
  readonly id: MeetingId
  readonly slug: string
  readonly state: MeetingState
  readonly interrupted: boolean
  readonly revision: number
  readonly currentItem: ItemId | null
  readonly recording: RecordingId | null
  readonly plannedAt: string
  readonly resumesAtMs: number | null
  readonly isPublic: boolean
}

/** Of every listed meeting: a few thousand in ten years. */
export async function meetingSummaries(db: TownDb): Promise<MeetingSummary[]> {
  const rooms = await connectedRooms(db)
  const meetings = await listMeetings(db)
  return meetings
    .filter(({ unlisted, state }) => !unlisted || state === 'published')
    .map((meeting) => ({
      id: meeting.id,
      slug: meeting.slug,
      state: meeting.state,
      interrupted: isInterrupted(meeting, rooms),
      revision: meeting.revision,
      currentItem: meeting.currentItem,
      recording: meeting.recording,
      plannedAt: isoWithOffset(meeting.planned.startMs, meeting.planned.zone),
      resumesAtMs: meeting.resumesAtMs,
      isPublic: isPublic(meeting),
    }))
}

/** Live, and no encoder is connected in its room. */
export function isInterrupted(
  { state, room }: Pick<Meeting, 'state' | 'room'>,
  connected: ReadonlySet<string>,
): boolean {
  return state === 'live' && (room === null || !connected.has(room))
}
