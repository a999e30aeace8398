import type { RecordingId, SpanId } from '../core/ids.ts'
import type { SpanFacts } from '../domain/media-time.ts'
import type { RenditionName, SpanCause } from '../hls/packaging.ts'
import { touchMeetingOfRecording } from './touch.ts'
import type { TownDb } from './town-db.ts'

export interface NewSpan {
  readonly id: SpanId
  readonly recording: RecordingId
  /** From 0. */
  readonly index: number
  readonly wallMs: number
  readonly mediaStartMs: number
  readonly master: RenditionName
}

/** Saving one again changes nothing. */
export async function saveSpan(db: TownDb, span: NewSpan): Promise<void> {
  const { numInsertedOrUpdatedRows: added } = await db.sql
    .insertInto('span')
    .values({
      id: span.id,
      recording: span.recording,
      index: span.index,
      wall_ms: Math.round(span.wallMs),
      media_start_ms: Math.round(span.mediaStartMs),
      duration_ms: null,
      master: span.master,
      cause: null,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirstOrThrow()
  if (added) await touchMeetingOfRecording(db, span.recording)
}

export async function endSpan(
  db: TownDb,
  end: { id: SpanId; durationMs: number; cause: SpanCause | 'crashed' },
): Promise<void> {
  await db.sql
    .updateTable('span')
    .set({ duration_ms: Math.round(end.durationMs), cause: end.cause })
    .where('id', '=', end.id)
    .execute()
  const row = await db.sql.selectFrom('span').select('recording').where('id', '=', end.id).executeTakeFirst()
  if (row) await touchMeetingOfRecording(db, row.recording)
}

/** In order. */
export async function spansOf(db: TownDb, recording: RecordingId): Promise<SpanFacts[]> {
  const rows = await db.sql
    .selectFrom('span')
    .selectAll()
    .where('recording', '=', recording)
    .orderBy('index')
    .orderBy('wall_ms')
    .execute()
  return rows.map(({ id, wall_ms, media_start_ms, duration_ms }) => {
    return { span: id, wallMs: wall_ms, mediaStartMs: media_start_ms, durationMs: duration_ms }
  })
}
