import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { keyHash } from '#archive/catalog/keys.ts'
import type { RoomDirectory } from '#archive/catalog/room-directory.ts'
import { newId } from '#archive/core/ids.ts'
import { Captures } from '../../../ingest/meeting/captures.ts'
import { LiveRooms } from '../../../ingest/meeting/live-rooms.ts'
import { MeetingRegister } from '../../../ingest/meeting/meeting-register.ts'

const log = pino({ enabled: false })
const [revoked, other] = [newId<'key'>(), newId<'key'>()]
const directory: RoomDirectory = {
  rooms: [
    {
      id: newId(),
      slug: 'raadzaal',
      name: 'Raadzaal',
      keepUnplanned: false,
      keys: [
        { id: revoked, hash: keyHash('lost') },
        { id: other, hash: keyHash('kept') },
      ],
      meetings: [],
    },
  ],
}

function roomsOf(read: RoomDirectory): LiveRooms {
  const rooms = new LiveRooms({
    register: new MeetingRegister({ kept: { kind: 'read', states: new Map() }, persist: () => true }),
    captures: new Captures({ log, open: () => Promise.reject(new Error('nothing is captured here')) }),
    link: { tell: () => undefined, inFlight: () => false },
    broadcast: () => undefined,
    clock: { wallMs: () => 0, monotonicMs: () => 0 },
    log,
  })
  rooms.adopt(read)
  return rooms
}

describe('a revoked key', () => {
  it('opens nothing from that moment on, though the directory that is known still has it', () => {
    const rooms = roomsOf(directory)
    expect(rooms.authenticate('lost')).toMatchObject({ ok: true, keyId: revoked })
    rooms.revoke(revoked)
    expect(rooms.authenticate('lost')).toMatchObject({ ok: false, code: 'INGEST_KEY_REVOKED' })
    rooms.adopt(directory)
    expect(rooms.authenticate('lost')).toMatchObject({ ok: false, code: 'INGEST_KEY_REVOKED' })
    expect(rooms.authenticate('kept')).toMatchObject({ ok: true, keyId: other })
  })
})
