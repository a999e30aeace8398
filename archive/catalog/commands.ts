import { type Outcome, refuse } from '../core/errors.ts'
import type { Command } from '../domain/command.ts'
import { plannedTime } from '../domain/local-time.ts'
import type { MeetingState } from '../domain/meeting-state.ts'
import { isOpen, roomRefusal } from '../domain/serving.ts'
import { transition } from '../domain/transition.ts'
import { addAudit } from './audit.ts'
import { carryOut } from './command-effects.ts'
import { itemExists } from './items.ts'
import { repeatLaterPresses } from './late-command.ts'
import { marksOf } from './marks.ts'
import { listMeetings, type Meeting, meetingById } from './meetings.ts'
import { keepsEarlier } from './recordings.ts'
import type { TownDb } from './town-db.ts'

export interface Applied {
  readonly state: MeetingState
  readonly revision: number
}

/** Who brings the command to the catalogue: the operations that made it, or *live*, which has carried it out already. */
export type CommandSource = 'operations' | 'live'

/**
 * Applies a command once: whoever brings it again, in whatever order, gets the answer that the first was given, be it a
 * refusal. Everything that follows from it (recording, sessions, marks, jobs, audit) is in the caller's transaction.
 */
export async function applyCommand(db: TownDb, asked: Command, source: CommandSource): Promise<Outcome<Applied>> {
  const command = inWholeMilliseconds(asked)
  const known = await db.sql
    .selectFrom('command')
    .select('outcome_json')
    .where('id', '=', command.id)
    .executeTakeFirst()
  if (known) return JSON.parse(known.outcome_json) as Outcome<Applied>
  const meeting = await meetingById(db, command.meeting)
  if (!meeting) return refuse('MEETING_NOT_FOUND')
  const outcome = await decide(db, { command, meeting, source })
  await db.sql
    .insertInto('command')
    .values({
      id: command.id,
      meeting: command.meeting,
      at_ms: command.atMs,
      by_whom: command.by,
      source,
      action_json: JSON.stringify(command.action),
      outcome_json: JSON.stringify(outcome),
    })
    .execute()
  return outcome
}

// Clocks are finer than the columns.
function inWholeMilliseconds(command: Command): Command {
  const { action } = command
  const atMs = Math.round(command.atMs)
  if (action.kind === 'item')
    return { ...command, atMs, action: { ...action, markedAtMs: Math.round(action.markedAtMs) } }
  if (action.kind !== 'pause' || action.resumesAtMs === null) return { ...command, atMs }
  return { ...command, atMs, action: { ...action, resumesAtMs: Math.round(action.resumesAtMs) } }
}

interface Case {
  readonly command: Command
  readonly meeting: Meeting
  readonly source: CommandSource
}

async function decide(db: TownDb, { command, meeting, source }: Case): Promise<Outcome<Applied>> {
  const { action } = command
  const next = transition(meeting.state, action.kind, {
    publishesOnEnd: meeting.publishesOnEnd,
    hasRecording: meeting.recording !== null,
    keepsEarlier: await keepsEarlier(db, meeting),
  })
  if (!next.ok) return next
  const objection = await objectionTo(db, command, meeting)
  if (objection) return objection
  await carryOut(db, { command, meeting, next: next.value, source })
  await repeatLaterPresses(db, command, source)
  await addAudit(db, { atMs: command.atMs, by: command.by, action: action.kind, subject: meeting.slug })
  const after = await meetingById(db, meeting.id)
  return { ok: true, value: { state: after?.state ?? next.value, revision: after?.revision ?? meeting.revision } }
}

/** What the state alone does not tell. */
async function objectionTo(db: TownDb, { action }: Command, meeting: Meeting) {
  switch (action.kind) {
    case 'start':
    case 'reopen': {
      if (!meeting.room) return refuse('ROOM_MISSING')
      if (isOpen(meeting.state)) return null
      return roomRefusal(meeting, action.kind, await neighbours(db, meeting))
    }
    case 'item':
      return (await itemExists(db, meeting.id, action.item)) ? null : refuse('ITEM_UNKNOWN')
    case 'undo': {
      const marks = await marksOf(db, meeting.id)
      return marks.some((mark) => mark.kind === 'item' && mark.id === action.mark) ? null : refuse('MARK_UNKNOWN')
    }
    case 'adjourn': {
      const planned = plannedTime(action.toLocal, meeting.planned.zone)
      return planned.ok ? null : planned
    }
    default:
      return null
  }
}

async function neighbours(db: TownDb, meeting: Meeting) {
  const open = await listMeetings(db, ['live', 'paused', 'closed'])
  return open
    .filter(({ room }) => room === meeting.room)
    .map(({ id, slug, state, planned }) => ({ id, slug, state, plannedStartMs: planned.startMs }))
}
