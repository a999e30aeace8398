import { type AlarmId, type IncidentId, type MeetingId, newId, type RecordingId } from '../core/ids.ts'
import { isForPublic, type StreamFault, type StreamFinding, streamFaults } from '../domain/stream-fault.ts'
import { closeIncident, openIncident } from './incidents.ts'
import type { AlarmTable } from './tables.ts'
import { touchMeeting } from './touch.ts'
import type { TownDb } from './town-db.ts'

/** A fault of the published stream, from when it was noticed until it was over. Times are WallTime. */
export interface Alarm {
  readonly id: AlarmId
  readonly meeting: MeetingId
  readonly incident: IncidentId
  readonly code: string
  readonly detail: string
  readonly sinceMs: number
  /** When viewers began to be told; null when they never were. */
  readonly toldAtMs: number | null
  readonly acknowledged: { readonly atMs: number; readonly by: string } | null
  readonly closedAtMs: number | null
}

/** Opens an alarm and its incident; one of the same kind that stands already is kept as it is. */
export async function openAlarm(
  db: TownDb,
  of: { readonly meeting: MeetingId; readonly recording: RecordingId | null; readonly finding: StreamFinding },
): Promise<AlarmId> {
  const { meeting, recording, finding } = of
  const { code, detail } = finding
  const standing = (await openAlarms(db, meeting)).find((alarm) => alarm.code === code)
  if (standing) return standing.id
  const atMs = Math.round(finding.sinceMs)
  const incident = await openIncident(db, { meeting, recording, code, detail, atMs })
  const id = newId<'alarm'>()
  await db.sql
    .insertInto('alarm')
    .values({
      ...{ id, meeting, incident, code, detail, since_ms: atMs, told_at_ms: null },
      ...{ acknowledged_at_ms: null, acknowledged_by: null, closed_at_ms: null },
    })
    .execute()
  return id
}

/** The fault is over; so is its incident. Closing one again keeps the first end. */
export async function closeAlarm(db: TownDb, alarm: Alarm, atMs: number): Promise<void> {
  const closed = Math.round(atMs)
  await db.sql
    .updateTable('alarm')
    .set({ closed_at_ms: closed })
    .where('id', '=', alarm.id)
    .where('closed_at_ms', 'is', null)
    .execute()
  await closeIncident(db, alarm.incident, closed)
  if (alarm.toldAtMs !== null) await touchMeeting(db, alarm.meeting)
}

/** Viewers are told from here on, unless somebody has acknowledged the alarm or it is over. */
export async function tellAlarm(db: TownDb, alarm: Alarm, atMs: number): Promise<void> {
  const { numUpdatedRows } = await db.sql
    .updateTable('alarm')
    .set({ told_at_ms: Math.round(atMs) })
    .where('id', '=', alarm.id)
    .where('told_at_ms', 'is', null)
    .where('acknowledged_at_ms', 'is', null)
    .where('closed_at_ms', 'is', null)
    .executeTakeFirst()
  if (numUpdatedRows > 0n) await touchMeeting(db, alarm.meeting)
}

/**
 * Somebody knows and takes care: viewers are not told, or no longer. Null when no such alarm stands; acknowledging one
 * again keeps the first name.
 */
export async function acknowledgeAlarm(
  db: TownDb,
  id: AlarmId,
  { by, atMs }: { by: string; atMs: number },
): Promise<Alarm | null> {
  const before = await alarmById(db, id)
  if (!before || before.closedAtMs !== null) return null
  if (before.acknowledged) return before
  const acknowledged = { atMs: Math.round(atMs), by }
  await db.sql
    .updateTable('alarm')
    .set({ acknowledged_at_ms: acknowledged.atMs, acknowledged_by: by })
    .where('id', '=', id)
    .execute()
  if (before.toldAtMs !== null) await touchMeeting(db, before.meeting)
  return { ...before, acknowledged }
}

/** That stand at this moment, of one meeting or of all, the earliest first. */
export async function openAlarms(db: TownDb, meeting?: MeetingId): Promise<Alarm[]> {
  let query = db.sql.selectFrom('alarm').selectAll().where('closed_at_ms', 'is', null).orderBy('since_ms')
  if (meeting) query = query.where('meeting', '=', meeting)
  return (await query.execute()).map(alarmOf)
}

/** Of a meeting, over or not, the earliest first. */
export async function alarmsOf(db: TownDb, meeting: MeetingId): Promise<Alarm[]> {
  const rows = await db.sql.selectFrom('alarm').selectAll().where('meeting', '=', meeting).orderBy('since_ms').execute()
  return rows.map(alarmOf)
}

/** What the meeting's page tells its viewers: of several faults the one that matters most to them. */
export async function publicAlarmOf(
  db: TownDb,
  meeting: MeetingId,
): Promise<{ readonly code: StreamFault; readonly sinceMs: number } | null> {
  const told = (await openAlarms(db, meeting)).filter((alarm) => alarm.toldAtMs !== null && !alarm.acknowledged)
  for (const code of streamFaults) {
    const alarm = told.find((candidate) => candidate.code === code)
    if (alarm && isForPublic(code)) return { code, sinceMs: alarm.sinceMs }
  }
  return null
}

async function alarmById(db: TownDb, id: AlarmId): Promise<Alarm | null> {
  const row = await db.sql.selectFrom('alarm').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? alarmOf(row) : null
}

function alarmOf(row: Omit<AlarmTable, 'town'>): Alarm {
  const { id, meeting, incident, code, detail } = row
  const isAcknowledged = row.acknowledged_at_ms !== null
  return {
    ...{ id, meeting, incident, code, detail, sinceMs: row.since_ms, toldAtMs: row.told_at_ms },
    acknowledged: isAcknowledged ? { atMs: row.acknowledged_at_ms ?? 0, by: row.acknowledged_by ?? '' } : null,
    closedAtMs: row.closed_at_ms,
  }
}
