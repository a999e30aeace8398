import type { Command, MeetingAction } from '../domain/command.ts'
import { transition } from '../domain/transition.ts'
import { carryOut } from './command-effects.ts'
import type { CommandSource } from './commands.ts'
import { meetingById } from './meetings.ts'
import { keepsEarlier } from './recordings.ts'
import type { TownDb } from './town-db.ts'

/** What opens and shuts a meeting for a while: the last press holds. */
const presses: ReadonlySet<MeetingAction['kind']> = new Set(['start', 'reopen', 'pause', 'closed', 'resume'])
const repeatable: ReadonlySet<MeetingAction['kind']> = new Set(['pause', 'closed', 'resume'])

/**
 * After a command that comes late (its sender waited for a locked catalogue): presses that were made after it and were
 * applied before it hold again, so that the meeting ends as whoever pressed last wanted it, and as *live* has it.
 */
export async function repeatLaterPresses(db: TownDb, late: Command, source: CommandSource): Promise<void> {
  if (!presses.has(late.action.kind)) return
  const rows = await db.sql
    .selectFrom('command')
    .select(['id', 'at_ms', 'by_whom', 'action_json'])
    .where('meeting', '=', late.meeting)
    .where('at_ms', '>', late.atMs)
    .orderBy('at_ms')
    .execute()
  for (const { id, at_ms: atMs, by_whom: by, action_json } of rows) {
    const action = JSON.parse(action_json) as MeetingAction
    if (repeatable.has(action.kind)) await repeat(db, { id, meeting: late.meeting, atMs, by, action }, source)
  }
}

async function repeat(db: TownDb, command: Command, source: CommandSource): Promise<void> {
  const meeting = await meetingById(db, command.meeting)
  if (!meeting) return
  const next = transition(meeting.state, command.action.kind, {
    publishesOnEnd: meeting.publishesOnEnd,
    hasRecording: meeting.recording !== null,
    keepsEarlier: await keepsEarlier(db, meeting),
  })
  if (next.ok && next.value !== meeting.state) await carryOut(db, { command, meeting, next: next.value, source })
}
