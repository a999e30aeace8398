import { addBody } from '#archive/catalog/bodies.ts'
import type { Catalog } from '#archive/catalog/catalog.ts'
import { addMeeting } from '#archive/catalog/meetings.ts'
import { addRoom } from '#archive/catalog/rooms.ts'
import type { MeetingId } from '#archive/core/ids.ts'
import { plannedTime } from '#archive/domain/local-time.ts'

/** A body with a room, and its one planned meeting. */
export async function planMeeting(catalog: Catalog, slug: string, kind: 'council' | 'press'): Promise<MeetingId> {
  const planned = plannedTime('2026-11-23T19:30', 'Europe/Brussels')
  if (!planned.ok) throw new Error(planned.message)
  return await catalog.write(async (db) => {
    const room = (await addRoom(db, { slug: 'raadzaal', name: 'Raadzaal' }, 1)).id
    const body = (await addBody(db, { slug: 'raad', name: 'Raad', kind, usualRoom: room }, 1)).id
    const added = await addMeeting(db, { slug, title: 'Raad', body, room: null, planned: planned.value }, 1)
    return added.id
  })
}
