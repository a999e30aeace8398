import type { MeetingId } from '../core/ids.ts'
import type { Mark } from '../domain/mark.ts'
import type { TownDb } from './town-db.ts'

export interface Stated {
  readonly by: string
  /** Which process wrote it down: `operations` or `live`. */
  readonly source: string
}

/** Marks are only ever added; adding one again changes nothing. */
export async function addMark(db: TownDb, meeting: MeetingId, mark: Mark & Stated): Promise<void> {
  await db.sql
    .insertInto('mark')
    .values({
      id: mark.id,
      meeting,
      kind: mark.kind,
      item: mark.kind === 'item' ? mark.item : null,
      undoes: mark.kind === 'undo' ? mark.undoes : null,
      at_ms: mark.atMs,
      pressed_at_ms: mark.pressedAtMs,
      by_whom: mark.by,
      source: mark.source,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
}

export async function marksOf(db: TownDb, meeting: MeetingId): Promise<Mark[]> {
  const rows = await db.sql.selectFrom('mark').selectAll().where('meeting', '=', meeting).execute()
  return rows.flatMap((row): Mark[] => {
    const facts = { id: row.id, atMs: row.at_ms, pressedAtMs: row.pressed_at_ms }
    if (row.kind === 'item' && row.item) return [{ ...facts, kind: 'item', item: row.item }]
    if (row.kind === 'undo' && row.undoes) return [{ ...facts, kind: 'undo', undoes: row.undoes }]
    return []
  })
}
