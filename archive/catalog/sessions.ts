import { type KeyId, type MeetingId, newId, type PublishSessionId, type RoomId } from '../core/ids.ts'
import { touchOpenMeetingsIn } from './touch.ts'
import type { TownDb } from './town-db.ts'

export interface NewPublishSession {
  readonly id?: PublishSessionId
  readonly room: RoomId
  readonly key: KeyId | null
  readonly meeting: MeetingId | null
  readonly address: string | null
  readonly encoder: string | null
  readonly atMs: number
}

/** One encoder connection was accepted. Opening one again changes nothing. */
export async function openPublishSession(db: TownDb, session: NewPublishSession): Promise<PublishSessionId> {
  const { id = newId<'publish-session'>(), room, key, meeting, address, encoder, atMs } = session
  await db.sql
    .insertInto('publish_session')
    .values({
      id,
      room,
      key,
      meeting,
      address,
      encoder,
      opened_at_ms: Math.round(atMs),
      closed_at_ms: null,
      cause: null,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
  await touchOpenMeetingsIn(db, room)
  return id
}

/** Closing one again keeps the first end. */
export async function closePublishSession(
  db: TownDb,
  end: { id: PublishSessionId; cause: string; atMs: number },
): Promise<void> {
  await closeWhere(db, end, end.id)
}

/**
 * What a process that ended without a word has left open: everything opened until `atMs`. Whoever sees *live* end calls
 * it, and *live* when it starts; what was opened since then is a later process's.
 */
export async function closeStalePublishSessions(db: TownDb, atMs: number): Promise<void> {
  await closeWhere(db, { cause: 'process-ended', atMs }, null)
}

/** Rooms in which an encoder is connected. */
export async function connectedRooms(db: TownDb): Promise<ReadonlySet<RoomId>> {
  const rows = await db.sql.selectFrom('publish_session').select('room').where('closed_at_ms', 'is', null).execute()
  return new Set(rows.map(({ room }) => room))
}

/** Since when an encoder has been connected, by room. */
export async function connectedSince(db: TownDb): Promise<ReadonlyMap<RoomId, number>> {
  const rows = await db.sql
    .selectFrom('publish_session')
    .select(['room', 'opened_at_ms'])
    .where('closed_at_ms', 'is', null)
    .orderBy('opened_at_ms')
    .execute()
  return new Map(rows.map(({ room, opened_at_ms }) => [room, opened_at_ms]))
}

async function closeWhere(
  db: TownDb,
  { cause, atMs }: { cause: string; atMs: number },
  id: PublishSessionId | null,
): Promise<void> {
  let open = db.sql.selectFrom('publish_session').select(['id', 'room']).where('closed_at_ms', 'is', null)
  open = id ? open.where('id', '=', id) : open.where('opened_at_ms', '<=', Math.round(atMs))
  for (const session of await open.execute()) {
    await db.sql
      .updateTable('publish_session')
      .set({ closed_at_ms: Math.round(atMs), cause })
      .where('id', '=', session.id)
      .execute()
    await touchOpenMeetingsIn(db, session.room)
  }
}
