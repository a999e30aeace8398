import { newId, type RoomId } from '../core/ids.ts'
import type { TownDb } from './town-db.ts'

export interface Room {
  readonly id: RoomId
  readonly slug: string
  readonly name: string
  /** Whether a feed that no meeting was planned for is kept as an unlisted draft: recorded, private until it is published. */
  readonly keepUnplanned: boolean
}

/** The slug must be free: see `roomBySlug`. */
export async function addRoom(
  db: TownDb,
  draft: { slug: string; name: string; keepUnplanned?: boolean },
  nowMs: number,
): Promise<Room> {
  const { slug, name, keepUnplanned = false } = draft
  const id = newId<'room'>()
  await db.sql
    .insertInto('room')
    .values({ id, slug, name, keep_unplanned: keepUnplanned ? 1 : 0, created_at_ms: nowMs })
    .execute()
  return { id, slug, name, keepUnplanned }
}

export async function roomBySlug(db: TownDb, slug: string): Promise<Room | null> {
  return (await listRooms(db)).find((room) => room.slug === slug) ?? null
}

/** A town has a handful. */
export async function listRooms(db: TownDb): Promise<Room[]> {
  const rows = await db.sql.selectFrom('room').selectAll().orderBy('name').execute()
  return rows.map(({ id, slug, name, keep_unplanned }) => ({ id, slug, name, keepUnplanned: keep_unplanned === 1 }))
}
