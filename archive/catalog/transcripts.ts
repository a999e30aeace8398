import type { Cue } from '../captions/cue.ts'
import { type MeetingId, newId } from '../core/ids.ts'
import type { TranscriptFacts, TranscriptOrigin } from '../domain/meeting-view.ts'
import { enqueueIndexing, touchMeeting } from './touch.ts'
import type { TownDb } from './town-db.ts'

export interface Transcript extends TranscriptFacts {
  readonly id: string
  readonly createdAtMs: number
}

export interface NewTranscript {
  readonly meeting: MeetingId
  /** BCP 47, for instance `nl`. */
  readonly language: string
  readonly origin: TranscriptOrigin
  /** In MediaTime. */
  readonly cues: readonly Cue[]
  readonly atMs: number
}

/** Replaces the meeting's transcript of that language and origin, and has it indexed. */
export async function saveTranscript(db: TownDb, transcript: NewTranscript): Promise<TranscriptFacts> {
  const { meeting, language, origin, cues, atMs } = transcript
  await removeTranscripts(db, meeting, (known) => known.language === language && known.origin === origin)
  const id = newId<'transcript'>()
  await db.sql
    .insertInto('transcript')
    .values({ id, meeting, language, origin, reviewed: 0, created_at_ms: atMs })
    .execute()
  const rows = cues.map((cue, position) => {
    return { transcript: id, position, start_ms: cue.startMs, end_ms: cue.endMs, text: cue.text }
  })
  const rowsAtOnce = 1_000
  for (let at = 0; at < rows.length; at += rowsAtOnce) {
    await db.sql
      .insertInto('cue')
      .values(rows.slice(at, at + rowsAtOnce))
      .execute()
  }
  await touchMeeting(db, meeting)
  await enqueueIndexing(db, meeting, atMs)
  return { language, origin, reviewed: false }
}

export async function transcriptsOf(db: TownDb, meeting: MeetingId): Promise<Transcript[]> {
  const rows = await db.sql
    .selectFrom('transcript')
    .selectAll()
    .where('meeting', '=', meeting)
    .orderBy('language')
    .orderBy('origin')
    .execute()
  return rows.map(({ id, language, origin, reviewed, created_at_ms }) => {
    return { id, language, origin, reviewed: reviewed === 1, createdAtMs: created_at_ms }
  })
}

/** In order of time. */
export async function cuesOf(db: TownDb, transcript: string): Promise<Cue[]> {
  const rows = await db.sql
    .selectFrom('cue')
    .selectAll()
    .where('transcript', '=', transcript)
    .orderBy('position')
    .execute()
  return rows.map(({ start_ms, end_ms, text }) => ({ startMs: start_ms, endMs: end_ms, text }))
}

export async function removeTranscripts(
  db: TownDb,
  meeting: MeetingId,
  which: (transcript: TranscriptFacts) => boolean = () => true,
): Promise<void> {
  for (const transcript of (await transcriptsOf(db, meeting)).filter(which)) {
    await db.sql.deleteFrom('cue').where('transcript', '=', transcript.id).execute()
    await db.sql.deleteFrom('transcript').where('id', '=', transcript.id).execute()
  }
}
