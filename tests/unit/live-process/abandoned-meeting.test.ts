import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import type { MeetingFacts } from '#archive/catalog/room-directory.ts'
import { newId } from '#archive/core/ids.ts'
import type { Note } from '../../../ingest/catalogue/outbox.ts'
import type { Capture } from '../../../ingest/meeting/capture.ts'
import { Captures } from '../../../ingest/meeting/captures.ts'
import { LiveRooms } from '../../../ingest/meeting/live-rooms.ts'
import { MeetingRegister } from '../../../ingest/meeting/meeting-register.ts'

const log = pino({ enabled: false })
const minuteMs = 60_000
const id = newId<'meeting'>()

const meeting: MeetingFacts = {
  ...{ id, slug: 'raad', title: 'Raad', body: 'raad', bodyName: 'Raad', state: 'live', stateSinceMs: 0 },
  ...{ plannedStartMs: 0, publishesOnEnd: true, autoStart: false, keepsEarlier: false, recording: newId() },
  ...{ currentItem: null, items: [] },
}

/** A live meeting whose capture says when media last came, and since when it has been silent. */
async function begin(heard: { lastMediaAtMs: () => number; silentSinceMs: number | null }) {
  let now = 0
  const told: Note[] = []
  const nothing = async () => undefined
  const capture: Capture = {
    ...{ push: () => undefined, cut: () => undefined, still: () => undefined },
    ...{ end: nothing, discard: nothing, suspend: nothing },
    get lastMediaAtMs() {
      return heard.lastMediaAtMs()
    },
    silentSinceMs: heard.silentSinceMs,
  }
  const register = new MeetingRegister({ kept: { kind: 'read', states: new Map() }, persist: () => true })
  const rooms = new LiveRooms({
    register,
    captures: new Captures({ log, open: async () => capture }),
    link: { tell: (note) => told.push(note), inFlight: () => false },
    broadcast: () => undefined,
    clock: { wallMs: () => now, monotonicMs: () => now },
    log,
  })
  rooms.adopt({
    rooms: [{ id: newId(), slug: 'zaal', name: 'Zaal', keepUnplanned: false, keys: [], meetings: [meeting] }],
  })
  await new Promise((settled) => setImmediate(settled))
  const at = (minutes: number) => {
    now = minutes * minuteMs
    rooms.tick()
    return register.get(id)?.state
  }
  const incidents = () => told.flatMap((note) => (note.kind === 'incident' ? [note.incident.code] : []))
  const commands = () => told.flatMap((note) => (note.kind === 'command' ? [note.command] : []))
  return { at, incidents, commands }
}

describe('a live meeting that everybody has left', () => {
  it('is paused by itself after thirty minutes without media, with an incident, and never ended', async () => {
    const { at, incidents, commands } = await begin({ lastMediaAtMs: () => 10 * minuteMs, silentSinceMs: null })
    expect([at(39), at(41), at(600)]).toEqual(['live', 'paused', 'paused'])
    expect(incidents()).toContain('FEED_GONE_LONG')
    expect(commands()).toMatchObject([{ by: 'live', action: { kind: 'pause' } }])
  })

  it('is paused by itself after two hours in which nothing was heard, however much media comes', async () => {
    let now = 0
    const { at, incidents } = await begin({ lastMediaAtMs: () => now, silentSinceMs: 5 * minuteMs })
    const state = (minutes: number) => {
      now = minutes * minuteMs
      return at(minutes)
    }
    expect([state(30), state(124), state(126)]).toEqual(['live', 'live', 'paused'])
    expect(incidents()).toEqual(['ROOM_SILENT_LONG'])
  })

  it('goes on for ever while somebody is heard', async () => {
    let now = 0
    const { at, incidents } = await begin({ lastMediaAtMs: () => now, silentSinceMs: null })
    for (const minutes of [30, 130, 600]) {
      now = minutes * minuteMs
      expect(at(minutes)).toBe('live')
    }
    expect(incidents()).toEqual([])
  })
})
