import type { MeetingId, RecordingId } from '../core/ids.ts'
import { wasDone } from './audit.ts'
import type { RecordingTable } from './tables.ts'
import type { TownDb } from './town-db.ts'

export interface Recording {
  readonly id: RecordingId
  readonly meeting: MeetingId
  readonly createdAtMs: number
  readonly endedAtMs: number | null
  readonly withdrawnAtMs: number | null
}

/** Saving one again changes nothing. */
export async function saveRecording(
  db: TownDb,
  recording: { id: RecordingId; meeting: MeetingId; atMs: number },
): Promise<void> {
  await db.sql
    .insertInto('recording')
    .values({
      id: recording.id,
      meeting: recording.meeting,
      created_at_ms: Math.round(recording.atMs),
      ended_at_ms: null,
      withdrawn_at_ms: null,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
}

export async function recordingById(db: TownDb, id: RecordingId): Promise<Recording | null> {
  const row = await db.sql.selectFrom('recording').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? recordingOf(row) : null
}

export async function setRecordingEnd(db: TownDb, id: RecordingId, endedAtMs: number | null): Promise<void> {
  await db.sql.updateTable('recording').set({ ended_at_ms: endedAtMs }).where('id', '=', id).execute()
}

/** From here on its addresses answer 410. */
export async function withdrawRecording(db: TownDb, id: RecordingId, atMs: number): Promise<void> {
  await db.sql.updateTable('recording').set({ withdrawn_at_ms: atMs }).where('id', '=', id).execute()
}

/** Whether the recording of a meeting was adjourned or reopened, so that not all of it belongs to the last start. */
export async function keepsEarlier(
  db: TownDb,
  { recording, slug }: { recording: RecordingId | null; slug: string },
): Promise<boolean> {
  if (!recording) return false
  const row = await db.sql
    .selectFrom('recording')
    .select('created_at_ms')
    .where('id', '=', recording)
    .executeTakeFirst()
  return row !== undefined && wasDone(db, { subject: slug, actions: ['adjourn', 'reopen'], sinceMs: row.created_at_ms })
}

function recordingOf(row: Omit<RecordingTable, 'town'>): Recording {
  return {
    id: row.id,
    meeting: row.meeting,
    createdAtMs: row.created_at_ms,
    endedAtMs: row.ended_at_ms,
    withdrawnAtMs: row.withdrawn_at_ms,
  }
}
