import type { ItemId, KeyId, MeetingId, RecordingId, RoomId } from '../core/ids.ts'
import type { MeetingState } from '../domain/meeting-state.ts'
import type { RoomMeeting } from '../domain/serving.ts'
import { itemsOf } from './items.ts'
import { type Meeting, meetingsOfRooms } from './meetings.ts'
import { keepsEarlier } from './recordings.ts'
import { listRooms, type Room } from './rooms.ts'
import type { TownDb } from './town-db.ts'

/** What *live* knows of the town: rooms, the keys that open them, the meetings that their feeds may serve. */
export interface RoomDirectory {
  readonly rooms: readonly DirectoryRoom[]
}

export interface DirectoryRoom extends Room {
  /** Revoked keys are not among them. */
  readonly keys: readonly { readonly id: KeyId; readonly hash: string }[]
  readonly meetings: readonly MeetingFacts[]
}

export interface MeetingFacts extends RoomMeeting {
  readonly id: MeetingId
  readonly slug: string
  readonly title: string
  /** Slug. */
  readonly body: string
  readonly bodyName: string
  readonly state: MeetingState
  /** WallTime of the press that led to it. */
  readonly stateSinceMs: number
  readonly plannedStartMs: number
  readonly publishesOnEnd: boolean
  readonly autoStart: boolean
  readonly recording: RecordingId | null
  readonly keepsEarlier: boolean
  readonly currentItem: ItemId | null
  readonly items: readonly { readonly id: ItemId; readonly number: string; readonly title: string }[]
}

/** A meeting that has ended may be reopened; after a month it takes a restart of *live* to be known there. */
const rememberEndedMs = 31 * 86_400_000
/** Meetings planned further ahead concern no feed yet. */
const lookAheadMs = 7 * 86_400_000

export async function roomDirectory(db: TownDb, nowMs: number): Promise<RoomDirectory> {
  const meetings = (await meetingsOfRooms(db, nowMs - rememberEndedMs)).filter(
    ({ state, planned }) => state !== 'scheduled' || Math.abs(planned.startMs - nowMs) <= lookAheadMs,
  )
  const keys = await db.sql
    .selectFrom('stream_key')
    .select(['id', 'hash', 'room'])
    .where('revoked_at_ms', 'is', null)
    .execute()
  const facts = new Map<RoomId, MeetingFacts[]>()
  for (const meeting of meetings) {
    if (!meeting.room) continue
    facts.set(meeting.room, [...(facts.get(meeting.room) ?? []), await factsOf(db, meeting)])
  }
  const rooms = (await listRooms(db)).map((room) => ({
    ...room,
    keys: keys.filter((key) => key.room === room.id).map(({ id, hash }) => ({ id, hash })),
    meetings: facts.get(room.id) ?? [],
  }))
  return { rooms }
}

async function factsOf(db: TownDb, meeting: Meeting): Promise<MeetingFacts> {
  const { id, slug, title, state, stateSinceMs, publishesOnEnd, autoStart, recording, currentItem } = meeting
  const items = (await itemsOf(db, id)).map(({ id: item, number, title: name }) => ({ id: item, number, title: name }))
  return {
    ...{
      id,
      slug,
      title,
      body: meeting.body.slug,
      bodyName: meeting.body.name,
      state,
      plannedStartMs: meeting.planned.startMs,
    },
    ...{
      stateSinceMs,
      publishesOnEnd,
      autoStart,
      recording,
      keepsEarlier: await keepsEarlier(db, meeting),
      currentItem,
      items,
    },
  }
}
