import { newId, type RoomId } from '../core/ids.ts'
import { dateOf, localOf } from '../domain/local-time.ts'
import { addAudit } from './audit.ts'
import { listBodies } from './bodies.ts'
import { addMeeting, type Meeting, meetingById } from './meetings.ts'
import { listRooms } from './rooms.ts'
import type { TownDb } from './town-db.ts'

/** Of the draft's address: 40 random bits, so that a draft is not found by guessing its date. */
const suffixLength = 8

/**
 * An unlisted meeting, *waiting*, for a feed that nobody planned. It starts by itself, so that the feed is kept, and
 * stays private until a person publishes it. Null where the room does not keep such feeds or no
 * body exists to which it could belong.
 */
export async function createDraftMeeting(
  db: TownDb,
  room: RoomId,
  when: { atMs: number; timeZone: string },
): Promise<Meeting | null> {
  const place = (await listRooms(db)).find(({ id }) => id === room)
  const bodies = await listBodies(db)
  const body = bodies.find(({ usualRoom }) => usualRoom === room) ?? bodies[0]
  if (!place?.keepUnplanned || !body) return null
  const atMs = Math.round(when.atMs)
  const zone = when.timeZone
  const local = localOf(atMs, zone)
  const { id, slug } = await addMeeting(
    db,
    {
      slug: `${dateOf(local)}-${newId().slice(0, suffixLength)}`,
      title: `${place.name} ${local.slice(0, 16).replace('T', ' ')}`,
      body: body.id,
      room,
      planned: { local, zone, startMs: atMs },
      unlisted: true,
      autoStart: true,
      state: 'waiting',
    },
    atMs,
  )
  await addAudit(db, { atMs, by: 'live', action: 'draft', subject: slug })
  return await meetingById(db, id)
}
