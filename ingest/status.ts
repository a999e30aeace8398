import type { FeedStatus, RoomStatus } from '#archive/operations/live-control.ts'
import type { LiveRooms } from './meeting/live-rooms.ts'
import type { Room } from './meeting/room.ts'

/** What every room receives, for the operator; nothing of its contents. */
export function roomStatuses(rooms: LiveRooms): RoomStatus[] {
  return rooms.rooms().map((room) => ({
    room: room.id,
    slug: room.slug,
    meeting: room.serving?.slug ?? null,
    state: room.serving?.state ?? null,
    feed: feedStatus(room, rooms),
  }))
}

function feedStatus(room: Room, rooms: LiveRooms): FeedStatus | null {
  const facts = room.feed?.watch.facts()
  const noted = rooms.problem(room.id)
  // What an encoder that is gone did wrong says nothing of the one that is there.
  const problem = facts && noted && noted.atMs < facts.sinceMs ? null : noted
  if (!facts && !problem) return null
  return {
    connected: facts !== undefined,
    since: Math.round(facts?.sinceMs ?? problem?.atMs ?? 0),
    codec: facts ? [facts.videoCodec, facts.audioCodec].filter((name) => name !== null).join(', ') || null : null,
    width: facts?.width ?? null,
    height: facts?.height ?? null,
    fps: facts?.framesPerSecond ?? null,
    bitrateBps: facts?.bitrateBps ?? null,
    encoder: facts?.encoder ?? null,
    problem: problem ? { code: problem.code, message: problem.message, hint: problem.hint } : null,
  }
}
