import { describe, expect, it } from 'vitest'
import { newId } from '#archive/core/ids.ts'
import { createLog } from '#archive/core/log.ts'
import type { Note } from '../../../ingest/catalogue/outbox.ts'
import { FeedIncidents } from '../../../ingest/meeting/feed-incidents.ts'
import type { RegisteredMeeting } from '../../../ingest/meeting/meeting-register.ts'

const meeting: RegisteredMeeting = {
  ...{
    id: newId(),
    slug: 'raad',
    state: 'live',
    stateSinceMs: 0,
    shutAtMs: Number.NEGATIVE_INFINITY,
    recording: newId(),
    publishesOnEnd: true,
  },
  ...{ plannedStartMs: 0, keepsEarlier: false, openedAtMs: 10_000 },
}

function start() {
  let now = 10_000
  const told: Note[] = []
  const clock = { wallMs: () => now, monotonicMs: () => now }
  const incidents = new FeedIncidents({
    link: { tell: (note) => told.push(note) },
    clock,
    log: createLog('test', 'fatal'),
  })
  const at = (nowMs: number, lastMediaAtMs: number | null) => {
    now = nowMs
    incidents.watch(meeting, lastMediaAtMs)
  }
  return { incidents, told, at }
}

describe('an interruption', () => {
  it('begins three seconds after the last media, counted from that media, and ends when there is some again', () => {
    const { incidents, told, at } = start()
    at(22_900, 20_000)
    expect(incidents.isInterrupted(meeting.id)).toBe(false)
    at(23_100, 20_000)
    expect(incidents.isInterrupted(meeting.id)).toBe(true)
    at(30_000, 29_900)
    expect(told.map(({ kind }) => kind)).toEqual(['incident', 'incident-end'])
    expect(told[0]).toMatchObject({ incident: { code: 'FEED_INTERRUPTED', atMs: 20_000, meeting: meeting.id } })
  })

  it('is written down once, however often it is looked at', () => {
    const { told, at } = start()
    for (const now of [24_000, 25_000, 26_000]) at(now, 20_000)
    expect(told).toHaveLength(1)
  })

  it('gives a meeting that was just opened the time until its first keyframe', () => {
    const { incidents, at } = start()
    at(18_900, null)
    expect(incidents.isInterrupted(meeting.id)).toBe(false)
    at(19_100, null)
    expect(incidents.isInterrupted(meeting.id)).toBe(true)
  })

  it('does not count media from before the press', () => {
    const { incidents, at } = start()
    at(15_000, 4_000)
    expect(incidents.isInterrupted(meeting.id)).toBe(false)
  })
})
