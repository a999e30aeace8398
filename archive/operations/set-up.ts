import { addAudit } from '../catalog/audit.ts'
import { addBody, type Body, bodyBySlug, listBodies, setUsualRoom } from '../catalog/bodies.ts'
import { addKey, listKeys, revokeKey } from '../catalog/keys.ts'
import { addRoom, listRooms, type Room, roomBySlug } from '../catalog/rooms.ts'
import type { TownDb } from '../catalog/town-db.ts'
import { type Outcome, type Refusal, refuse } from '../core/errors.ts'
import { isId } from '../core/ids.ts'
import { isSlug, slugOf, uniqueSlug } from '../domain/slug.ts'
import type { NewBody, NewRoom, Operations } from './operations.ts'
import { askedBy, nowOf, type OperationsDeps } from './operations-deps.ts'

type SetUp = Pick<Operations, 'addBody' | 'listBodies' | 'addRoom' | 'listRooms' | 'addKey' | 'listKeys' | 'revokeKey'>

/** What is arranged once: bodies, rooms and the keys of their encoders. */
export function setUpOperations(deps: OperationsDeps): SetUp {
  const { catalog, live } = deps
  return {
    addBody: (body) => catalog.write((db) => addNewBody(db, body, deps)),
    listBodies: () => catalog.read(bodyViews),
    addRoom: (room) => catalog.write((db) => addNewRoom(db, room, deps)),
    listRooms: () => catalog.read(listRooms),
    async addKey(holder) {
      const outcome = await catalog.write((db) => addNewKey(db, holder, deps))
      if (outcome.ok) await live.directoryChanged()
      return outcome
    },
    listKeys: () => catalog.read(keyViews),
    async revokeKey(id) {
      const key = isId<'key'>(id) ? await catalog.write((db) => revokeOnce(db, id, deps)) : null
      if (!key) return refuse('KEY_UNKNOWN')
      const told = await live.keyRevoked(key.id)
      return { ok: true, value: { id: key.id, live: told.ok ? 'confirmed' : 'unreachable' } }
    },
  }
}

/** The slug that was asked for, when it can be had; otherwise a free one made from the name. */
function chosenSlug(asked: string | undefined, fallback: string, taken: ReadonlySet<string>): Outcome<string> {
  if (asked === undefined) return { ok: true, value: uniqueSlug(fallback, taken) }
  if (!isSlug(asked)) return refuse('SLUG_INVALID', { message: `"${asked}" is not a slug.` })
  if (taken.has(asked)) return refuse('SLUG_TAKEN', { message: `"${asked}" exists already.` })
  return { ok: true, value: asked }
}

async function addNewBody(db: TownDb, body: NewBody, deps: OperationsDeps): ReturnType<SetUp['addBody']> {
  const name = body.name.trim()
  if (name === '') return refuse('USAGE', { message: 'A body needs a name.' })
  const room = body.room === undefined ? null : await roomBySlug(db, body.room)
  if (body.room !== undefined && !room) return noRoom(body.room)
  const taken = new Set((await listBodies(db)).map((known) => known.slug))
  const slug = chosenSlug(body.slug, slugOf(name, deps.config.language) || 'body', taken)
  if (!slug.ok) return slug
  const { kind = 'council', publishesOnEnd } = body
  const draft = { slug: slug.value, name, kind, usualRoom: room?.id ?? null }
  const { id } = await addBody(db, publishesOnEnd === undefined ? draft : { ...draft, publishesOnEnd }, nowOf(deps))
  await addAudit(db, { atMs: nowOf(deps), by: askedBy(deps), action: 'body-add', subject: slug.value })
  return { ok: true, value: { id, slug: slug.value } }
}

async function addNewRoom(db: TownDb, room: NewRoom, deps: OperationsDeps): Promise<Outcome<Room>> {
  const name = room.name.trim()
  if (name === '') return refuse('USAGE', { message: 'A room needs a name.' })
  const taken = new Set((await listRooms(db)).map((known) => known.slug))
  const slug = chosenSlug(room.slug, slugOf(name, deps.config.language) || 'room', taken)
  if (!slug.ok) return slug
  const added = await addRoom(db, { slug: slug.value, name, keepUnplanned: room.keepUnplanned ?? false }, nowOf(deps))
  await addAudit(db, { atMs: nowOf(deps), by: askedBy(deps), action: 'room-add', subject: slug.value })
  return { ok: true, value: added }
}

async function addNewKey(
  db: TownDb,
  holder: { room: string } | { body: string },
  deps: OperationsDeps,
): ReturnType<SetUp['addKey']> {
  const room = 'room' in holder ? await roomBySlug(db, holder.room) : await usualRoomOf(db, holder.body, deps)
  if (!room) return noRoom('room' in holder ? holder.room : holder.body)
  if ('code' in room) return room
  const { id, key } = await addKey(db, room.id, nowOf(deps))
  await addAudit(db, { atMs: nowOf(deps), by: askedBy(deps), action: 'key-add', subject: id, detail: room.slug })
  return { ok: true, value: { id, key, room: room.slug } }
}

/** Made, and named after the body, when it has none. */
async function usualRoomOf(db: TownDb, slug: string, deps: OperationsDeps): Promise<Room | Refusal> {
  const body = await bodyBySlug(db, slug)
  if (!body) return refuse('NOT_FOUND', { message: `There is no body "${slug}".` })
  const known = (await listRooms(db)).find(({ id }) => id === body.usualRoom)
  if (known) return known
  const made = await addNewRoom(db, { name: body.name }, deps)
  if (!made.ok) return made
  await setUsualRoom(db, body.id, made.value.id)
  return made.value
}

async function revokeOnce(db: TownDb, id: Parameters<typeof revokeKey>[1], deps: OperationsDeps) {
  const key = await revokeKey(db, id, nowOf(deps))
  if (key) await addAudit(db, { atMs: nowOf(deps), by: askedBy(deps), action: 'key-revoke', subject: id })
  return key
}

async function bodyViews(db: TownDb) {
  const slugs = await roomSlugs(db)
  return (await listBodies(db)).map(({ id, slug, name, kind, publishesOnEnd, usualRoom }: Body) => {
    return { id, slug, name, kind, publishesOnEnd, room: (usualRoom && slugs.get(usualRoom)) ?? null }
  })
}

async function keyViews(db: TownDb) {
  const slugs = await roomSlugs(db)
  return (await listKeys(db)).map(({ id, room, createdAtMs, revokedAtMs }) => ({
    id,
    room: slugs.get(room) ?? '',
    createdAt: new Date(createdAtMs).toISOString(),
    revokedAt: revokedAtMs === null ? null : new Date(revokedAtMs).toISOString(),
  }))
}

async function roomSlugs(db: TownDb): Promise<Map<string, string>> {
  return new Map((await listRooms(db)).map(({ id, slug }) => [id, slug]))
}

export function noRoom(slug: string): Refusal {
  return refuse('NOT_FOUND', { message: `There is no room "${slug}".` })
}
