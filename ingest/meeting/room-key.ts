import { matchingKey } from '#archive/catalog/keys.ts'
import type { RoomDirectory } from '#archive/catalog/room-directory.ts'
import type { KeyId, RoomId } from '#archive/core/ids.ts'

/** The room that a stream key opens; every key's hash is looked at, in constant time. */
export function matchingRoomKey(key: string, directory: RoomDirectory): { key: KeyId; room: RoomId } | null {
  const candidates = directory.rooms.flatMap((room) => room.keys.map(({ id, hash }) => ({ id, hash, room: room.id })))
  const found = matchingKey(key, candidates)
  return found ? { key: found.id, room: found.room } : null
}
