import { type IncidentId, type MeetingId, newId, type RecordingId, type RoomId } from '../core/ids.ts'
import type { IncidentTable } from './tables.ts'
import type { TownDb } from './town-db.ts'

/** A stretch in which the public could not see or hear, or nearly so. `closedAtMs` is null while it lasts. */
export interface Incident {
  readonly id: IncidentId
  readonly room: RoomId | null
  readonly meeting: MeetingId | null
  readonly recording: RecordingId | null
  /** A permanent code of `archive/core/error-codes.ts`. */
  readonly code: string
  readonly detail: string
  readonly openedAtMs: number
  readonly closedAtMs: number | null
}

export type NewIncident = Pick<Incident, 'code' | 'detail'> &
  Partial<Pick<Incident, 'id' | 'room' | 'meeting' | 'recording'>> & { readonly atMs: number }

/** Opening one again changes nothing. */
export async function openIncident(db: TownDb, incident: NewIncident): Promise<IncidentId> {
  const { id = newId<'incident'>(), room = null, meeting = null, recording = null, code, detail, atMs } = incident
  await db.sql
    .insertInto('incident')
    .values({ id, room, meeting, recording, code, detail, opened_at_ms: Math.round(atMs), closed_at_ms: null })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
  return id
}

/** Closing one again keeps the first end. */
export async function closeIncident(db: TownDb, id: IncidentId, atMs: number): Promise<void> {
  await db.sql
    .updateTable('incident')
    .set({ closed_at_ms: Math.round(atMs) })
    .where('id', '=', id)
    .where('closed_at_ms', 'is', null)
    .execute()
}

/** Of a meeting, the earliest first. */
export async function incidentsOf(db: TownDb, meeting: MeetingId): Promise<Incident[]> {
  const rows = await db.sql
    .selectFrom('incident')
    .selectAll()
    .where('meeting', '=', meeting)
    .orderBy('opened_at_ms')
    .execute()
  return rows.map(incidentOf)
}

/** Incidents of one kind that last at this moment, of every meeting. */
export async function standingIncidents(db: TownDb, code: string): Promise<Incident[]> {
  const rows = await db.sql
    .selectFrom('incident')
    .selectAll()
    .where('code', '=', code)
    .where('closed_at_ms', 'is', null)
    .execute()
  return rows.map(incidentOf)
}

function incidentOf(row: Omit<IncidentTable, 'town'>): Incident {
  const { id, room, meeting, recording, code, detail } = row
  return { id, room, meeting, recording, code, detail, openedAtMs: row.opened_at_ms, closedAtMs: row.closed_at_ms }
}
