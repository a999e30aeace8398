import { type BodyId, newId, type RoomId } from '../core/ids.ts'
import { type BodyKind, publishesOnEndByDefault } from '../domain/governing-body.ts'
import type { BodyTable } from './tables.ts'
import type { TownDb } from './town-db.ts'

export interface Body {
  readonly id: BodyId
  readonly slug: string
  readonly name: string
  readonly kind: BodyKind
  readonly publishesOnEnd: boolean
  readonly usualRoom: RoomId | null
}

export interface BodyDraft {
  readonly slug: string
  readonly name: string
  readonly kind: BodyKind
  /** True for councils, false for press offices when absent. */
  readonly publishesOnEnd?: boolean
  readonly usualRoom?: RoomId | null
}

/** The slug must be free: see `bodyBySlug`. */
export async function addBody(db: TownDb, draft: BodyDraft, nowMs: number): Promise<Body> {
  const id = newId<'body'>()
  const { slug, name, kind, usualRoom = null, publishesOnEnd = publishesOnEndByDefault(kind) } = draft
  await db.sql
    .insertInto('body')
    .values({
      id,
      slug,
      name,
      kind,
      publishes_on_end: publishesOnEnd ? 1 : 0,
      usual_room: usualRoom,
      created_at_ms: nowMs,
    })
    .execute()
  return { id, slug, name, kind, publishesOnEnd, usualRoom }
}

export async function bodyBySlug(db: TownDb, slug: string): Promise<Body | null> {
  const row = await db.sql.selectFrom('body').selectAll().where('slug', '=', slug).executeTakeFirst()
  return row ? bodyOf(row) : null
}

export async function bodyById(db: TownDb, id: BodyId): Promise<Body | null> {
  const row = await db.sql.selectFrom('body').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? bodyOf(row) : null
}

export async function listBodies(db: TownDb): Promise<Body[]> {
  return (await db.sql.selectFrom('body').selectAll().orderBy('name').execute()).map(bodyOf)
}

export async function setUsualRoom(db: TownDb, body: BodyId, room: RoomId): Promise<void> {
  await db.sql.updateTable('body').set({ usual_room: room }).where('id', '=', body).execute()
}

function bodyOf(row: Omit<BodyTable, 'town'>): Body {
  const { id, slug, name, kind } = row
  return { id, slug, name, kind, publishesOnEnd: row.publishes_on_end === 1, usualRoom: row.usual_room }
}
