import { expect, test } from 'vitest'
import type { JournalEvent } from '#archive/hls/journal-event.ts'
import { reduceJournal, Timeline } from '#archive/hls/timeline.ts'
import {
  firstSpan,
  gapEvent,
  initEvent,
  recordingEvent,
  secondSpan,
  segmentEvent,
  spanEndEvent,
  spanEvent,
} from '#tests/support/journal.ts'

const events: JournalEvent[] = [
  recordingEvent,
  { type: 'numbers', upTo: 64 },
  spanEvent(firstSpan, 0),
  initEvent(firstSpan, 'source'),
  segmentEvent(firstSpan, 0),
  gapEvent(firstSpan, 'audio', 0),
  spanEndEvent(firstSpan),
  { type: 'ended', atMs: 10 },
  { type: 'reopened', atMs: 20 },
  spanEvent(secondSpan, 1),
  segmentEvent(secondSpan, 1),
  { type: 'ended', atMs: 30 },
]

test('telling a journal twice changes nothing the second time', () => {
  const timeline = reduceJournal(events)
  const { version } = timeline
  expect(events.map((event) => timeline.apply(event))).toEqual(events.map(() => false))
  expect(timeline.version).toBe(version)
  expect(timeline.endedAtMs).toBe(30)
})

test('a recording that was reopened stays open when its first end is told again', () => {
  const timeline = reduceJournal(events.slice(0, 9))
  expect(events.slice(0, 9).some((event) => timeline.apply(event))).toBe(false)
  expect(timeline.endedAtMs).toBeNull()
})

test('the first statement about a segment stands', () => {
  const timeline = reduceJournal(events)
  expect(timeline.apply(segmentEvent(firstSpan, 0, { durationS: 1 }))).toBe(false)
  const entry = timeline.spans[0]?.renditions.get('source')?.entries.get(0)
  expect(entry).toMatchObject({ kind: 'segment', durationTicks: 360_000 })
})

test('numbers resume above what was reserved and above what was used', () => {
  expect(reduceJournal(events).nextNumber).toBe(64)
  expect(reduceJournal([...events, segmentEvent(secondSpan, 70)]).nextNumber).toBe(71)
  expect(new Timeline().nextNumber).toBe(0)
})

test('an event of a span that was never announced is passed over', () => {
  const timeline = new Timeline()
  expect(timeline.apply(segmentEvent(firstSpan, 0))).toBe(false)
  expect(timeline.spans).toEqual([])
})
