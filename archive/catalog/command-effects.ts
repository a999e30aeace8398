import { type MarkId, newId } from '../core/ids.ts'
import type { Command, MeetingAction } from '../domain/command.ts'
import { plannedTime } from '../domain/local-time.ts'
import { currentItem, standingMarks } from '../domain/mark.ts'
import type { MeetingState } from '../domain/meeting-state.ts'
import { isOpen } from '../domain/serving.ts'
import type { CommandSource } from './commands.ts'
import { enqueue } from './jobs.ts'
import { addMark, marksOf } from './marks.ts'
import { addMeetingSession, listMeetings, type Meeting } from './meetings.ts'
import { saveRecording, setRecordingEnd, withdrawRecording } from './recordings.ts'
import type { MeetingTable } from './tables.ts'
import { enqueueIndexing, touchMeeting } from './touch.ts'
import type { TownDb } from './town-db.ts'
import { removeTranscripts } from './transcripts.ts'

export interface Execution {
  readonly command: Command
  readonly meeting: Meeting
  readonly next: MeetingState
  readonly source: CommandSource
}

const drainMs = 5_000

type Changes = Partial<Omit<MeetingTable, 'town' | 'id'>>

/** Writes what follows from a command that was found legal. */
export async function carryOut(db: TownDb, execution: Execution): Promise<void> {
  const { command, meeting, next } = execution
  const { action, atMs } = command
  const changes: Changes = {
    ...(next === meeting.state ? {} : { state: next, state_since_ms: atMs }),
    ...(next === 'paused'
      ? { resumes_at_ms: action.kind === 'pause' ? action.resumesAtMs : meeting.resumesAtMs }
      : { resumes_at_ms: null }),
    ...(await changesBy(db, execution)),
  }
  await db.sql.updateTable('meeting').set(changes).where('id', '=', meeting.id).execute()
  await touchMeeting(db, meeting.id)
  if (isFindable(action, meeting.state, next)) await enqueueIndexing(db, meeting.id, atMs)
  if (next === 'published' && meeting.state !== 'published') await afterPublication(db, execution)
}

function isFindable(action: MeetingAction, before: MeetingState, next: MeetingState): boolean {
  return action.kind === 'item' || action.kind === 'undo' || before !== next
}

async function changesBy(db: TownDb, execution: Execution): Promise<Changes> {
  const { command, meeting } = execution
  const { action, atMs } = command
  switch (action.kind) {
    case 'start':
      return await start(db, execution, action.recording)
    case 'reopen':
      if (meeting.recording) await setRecordingEnd(db, meeting.recording, null)
      await freeRoom(db, execution)
      await startSession(db, execution)
      return { ended_at_ms: null, published_at_ms: null }
    case 'end':
      return await end(db, execution)
    case 'publish':
      return meeting.state === 'published' ? {} : { published_at_ms: atMs, unlisted: 0 }
    case 'unpublish':
      return { published_at_ms: null }
    case 'started-by-mistake':
      return await undoStart(db, execution)
    case 'adjourn':
      return await adjourn(db, execution, action.toLocal)
    case 'item':
      await addMark(db, meeting.id, {
        ...stated(execution),
        kind: 'item',
        id: action.mark,
        item: action.item,
        atMs: action.markedAtMs,
      })
      return { current_item: currentItem(await marksOf(db, meeting.id)) }
    case 'undo':
      await undo(db, execution, action.mark)
      return { current_item: currentItem(await marksOf(db, meeting.id)) }
    default:
      return {}
  }
}

function stated({ command, source }: Execution) {
  return { pressedAtMs: command.atMs, by: command.by, source }
}

async function start(db: TownDb, execution: Execution, proposed: NonNullable<Meeting['recording']>): Promise<Changes> {
  const { command, meeting } = execution
  const recording = meeting.recording ?? proposed
  await saveRecording(db, { id: recording, meeting: meeting.id, atMs: command.atMs })
  await freeRoom(db, execution)
  await startSession(db, execution)
  return { recording, started_at_ms: meeting.startedAtMs ?? command.atMs, ended_at_ms: null }
}

// Who only waited has shown and recorded nothing: it steps back for the meeting that is started.
async function freeRoom(db: TownDb, { command, meeting }: Execution): Promise<void> {
  const waiting = await listMeetings(db, ['waiting'])
  for (const other of waiting.filter(({ id, room }) => id !== meeting.id && room === meeting.room)) {
    await db.sql
      .updateTable('meeting')
      .set({ state: 'scheduled', state_since_ms: command.atMs })
      .where('id', '=', other.id)
      .execute()
    await touchMeeting(db, other.id)
  }
}

async function startSession(db: TownDb, { command, meeting }: Execution): Promise<void> {
  const open = await db.sql
    .selectFrom('meeting_session')
    .select(['id', 'started_at_ms'])
    .where('meeting', '=', meeting.id)
    .orderBy('planned_start_ms', 'desc')
    .executeTakeFirst()
  if (!open) return
  await db.sql
    .updateTable('meeting_session')
    .set({ started_at_ms: open.started_at_ms ?? command.atMs, ended_at_ms: null })
    .where('id', '=', open.id)
    .execute()
}

async function endSessions(db: TownDb, { command, meeting }: Execution): Promise<void> {
  await db.sql
    .updateTable('meeting_session')
    .set({ ended_at_ms: command.atMs })
    .where('meeting', '=', meeting.id)
    .where('ended_at_ms', 'is', null)
    .execute()
}

async function end(db: TownDb, execution: Execution): Promise<Changes> {
  const { command, meeting, next } = execution
  if (next === meeting.state) return {}
  await endSessions(db, execution)
  if (meeting.recording) {
    await setRecordingEnd(db, meeting.recording, command.atMs)
    await enqueueForRecording(db, 'finalise-recording', execution)
  }
  return { ended_at_ms: command.atMs, ...(next === 'published' ? { published_at_ms: command.atMs, unlisted: 0 } : {}) }
}

async function afterPublication(db: TownDb, execution: Execution): Promise<void> {
  await enqueueForRecording(db, 'transcribe-recording', execution)
}

async function enqueueForRecording(
  db: TownDb,
  kind: 'finalise-recording' | 'transcribe-recording' | 'delete-recording',
  { command, meeting }: Execution,
): Promise<void> {
  const { recording } = meeting
  if (!recording) return
  const payload = { meeting: meeting.id, recording }
  // Live has its encoders to drain before the recording has an end.
  const runAfterMs = command.atMs + (kind === 'finalise-recording' ? drainMs : 0)
  await enqueue(db, { kind, key: `${kind}:${recording}`, payload, nowMs: command.atMs, runAfterMs })
}

// The marks of the mistaken stretch stay written down and are undone: they name moments of a recording that is gone.
async function undoStart(db: TownDb, execution: Execution): Promise<Changes> {
  const { command, meeting } = execution
  if (!isOpen(meeting.state)) return {}
  for (const mark of standingMarks(await marksOf(db, meeting.id))) await undo(db, execution, mark.id)
  await removeTranscripts(db, meeting.id)
  if (meeting.recording) {
    await withdrawRecording(db, meeting.recording, command.atMs)
    await enqueueForRecording(db, 'delete-recording', execution)
  }
  await db.sql
    .updateTable('meeting_session')
    .set({ started_at_ms: null, ended_at_ms: null })
    .where('meeting', '=', meeting.id)
    .where('ended_at_ms', 'is', null)
    .execute()
  return { recording: null, started_at_ms: null, current_item: null }
}

async function undo(db: TownDb, execution: Execution, undoes: MarkId): Promise<void> {
  const { command, meeting } = execution
  const id = newId<'mark'>()
  await addMark(db, meeting.id, { ...stated(execution), kind: 'undo', id, undoes, atMs: command.atMs })
}

async function adjourn(db: TownDb, execution: Execution, to: string): Promise<Changes> {
  const { meeting } = execution
  const planned = plannedTime(to, meeting.planned.zone)
  if (!planned.ok) return {}
  await endSessions(db, execution)
  await addMeetingSession(db, meeting.id, planned.value)
  return { planned_local: planned.value.local, planned_start_ms: planned.value.startMs, ended_at_ms: null }
}
