import { type Outcome, refuse } from '../core/errors.ts'
import { isOpen } from '../domain/serving.ts'
import { addAudit } from './audit.ts'
import { enqueue } from './jobs.ts'
import type { Meeting } from './meetings.ts'
import { enqueueIndexing, touchMeeting } from './touch.ts'
import type { TownDb } from './town-db.ts'

/**
 * Gives what was recorded under `from`, with its transcripts, to `to`, which ends in the state that `from` was in and
 * leaves `from` scheduled. Marks stay: they name items of the agenda that they were made on.
 */
export async function moveToMeeting(
  db: TownDb,
  { from, to, by, atMs }: { from: Meeting; to: Meeting; by: string; atMs: number },
): Promise<Outcome<{ slug: string }>> {
  if (!from.recording) return refuse('NOTHING_RECORDED')
  if (to.recording || from.id === to.id) return refuse('ALREADY_RECORDED')
  if (isOpen(from.state)) return refuse('MEETING_NOT_ENDED', { hint: 'End the meeting, then move what was recorded.' })
  if (to.state === 'cancelled') return refuse('MEETING_CANCELLED')
  await db.sql.updateTable('recording').set({ meeting: to.id }).where('id', '=', from.recording).execute()
  await db.sql.updateTable('transcript').set({ meeting: to.id }).where('meeting', '=', from.id).execute()
  await db.sql
    .updateTable('meeting')
    .set({
      ...{ recording: from.recording, state: from.state, state_since_ms: atMs },
      ...{ started_at_ms: from.startedAtMs, ended_at_ms: from.endedAtMs, published_at_ms: from.publishedAtMs },
    })
    .where('id', '=', to.id)
    .execute()
  await db.sql
    .updateTable('meeting')
    .set({
      ...{ recording: null, state: 'scheduled', state_since_ms: atMs, current_item: null },
      ...{ started_at_ms: null, ended_at_ms: null, published_at_ms: null },
    })
    .where('id', '=', from.id)
    .execute()
  for (const meeting of [from.id, to.id]) {
    await touchMeeting(db, meeting)
    await enqueueIndexing(db, meeting, atMs)
  }
  const payload = { meeting: to.id, recording: from.recording }
  await enqueue(db, { kind: 'finalise-recording', key: `finalise-recording:${from.recording}`, payload, nowMs: atMs })
  await addAudit(db, { atMs, by, action: 'move', subject: from.slug, detail: to.slug })
  return { ok: true, value: { slug: to.slug } }
}
