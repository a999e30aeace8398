import type { MeetingId, RecordingId, RoomId } from '../core/ids.ts'
import { enqueue } from './jobs.ts'
import type { TownDb } from './town-db.ts'

/** Says that something changed which the meeting's page shows. */
export async function touchMeeting(db: TownDb, meeting: MeetingId): Promise<void> {
  await db.sql
    .updateTable('meeting')
    .set((row) => ({ revision: row('revision', '+', 1) }))
    .where('id', '=', meeting)
    .execute()
}

export async function touchMeetingOfRecording(db: TownDb, recording: RecordingId): Promise<void> {
  await db.sql
    .updateTable('meeting')
    .set((row) => ({ revision: row('revision', '+', 1) }))
    .where('recording', '=', recording)
    .execute()
}

/** The open meeting of a room is interrupted, or no longer. */
export async function touchOpenMeetingsIn(db: TownDb, room: RoomId): Promise<void> {
  const rows = await db.sql
    .selectFrom('meeting')
    .innerJoin('body', 'body.id', 'meeting.body')
    .select('meeting.id')
    .where((row) => row.fn.coalesce('meeting.room', 'body.usual_room'), '=', room)
    .where('meeting.state', 'in', ['waiting', 'live', 'paused', 'closed'])
    .execute()
  for (const { id } of rows) await touchMeeting(db, id)
}

/** Titles, agenda, chapters, words or publication changed: what can be found changes with them. */
export async function enqueueIndexing(db: TownDb, meeting: MeetingId, nowMs: number): Promise<void> {
  await enqueue(db, { kind: 'index-meeting', key: `index-meeting:${meeting}`, payload: { meeting }, nowMs })
}
