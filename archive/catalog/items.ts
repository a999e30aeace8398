import { type ItemId, type MeetingId, newId } from '../core/ids.ts'
import type { AgendaItem, NumberedEntry } from '../domain/agenda.ts'
import type { TownDb } from './town-db.ts'

/** Adds the items behind those that are there; their numbers must be new to the meeting. */
export async function addItems(
  db: TownDb,
  meeting: MeetingId,
  entries: readonly NumberedEntry[],
): Promise<AgendaItem[]> {
  if (entries.length === 0) return []
  const first = (await itemsOf(db, meeting)).length
  const items = entries.map((entry) => ({ id: newId<'item'>(), ...entry }))
  const rows = items.map(({ id, number, title, depth, public: isPublic }, index) => {
    return { id, meeting, position: first + index, number, title, depth, is_public: isPublic ? 1 : 0 } as const
  })
  // Eight values a row: far from SQLite's 32,766 and PostgreSQL's 65,535 parameters a statement.
  const rowsAtOnce = 500
  for (let at = 0; at < rows.length; at += rowsAtOnce) {
    await db.sql
      .insertInto('agenda_item')
      .values(rows.slice(at, at + rowsAtOnce))
      .execute()
  }
  return items
}

/** In the order of the agenda. */
export async function itemsOf(db: TownDb, meeting: MeetingId): Promise<AgendaItem[]> {
  const rows = await db.sql
    .selectFrom('agenda_item')
    .selectAll()
    .where('meeting', '=', meeting)
    .orderBy('position')
    .execute()
  return rows.map(({ id, number, title, depth, is_public }) => ({ id, number, title, depth, public: is_public === 1 }))
}

export async function itemExists(db: TownDb, meeting: MeetingId, item: ItemId): Promise<boolean> {
  const row = await db.sql
    .selectFrom('agenda_item')
    .select('id')
    .where('meeting', '=', meeting)
    .where('id', '=', item)
    .executeTakeFirst()
  return row !== undefined
}
