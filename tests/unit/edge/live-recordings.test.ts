import { expect, test } from 'vitest'
import { newId } from '#archive/core/ids.ts'
import type { LiveMessage } from '#archive/hls/live-message.ts'
import type { Timeline } from '#archive/hls/timeline.ts'
import { firstSpan, recordingEvent, recordingId, secondSpan, spanEvent } from '#tests/support/journal.ts'
import { planSegment } from '#tests/support/spooling.ts'
import { LiveRecordings } from '../../../site/edge/live-recordings.ts'
import { SegmentMemory } from '../../../site/edge/segment-memory.ts'

const none = new Uint8Array()
const journal = (event: Extract<LiveMessage, { type: 'journal' }>['event']) => ({
  message: { type: 'journal', recording: recordingId, event } as const,
  payload: none,
})
const source = (n: number) => ({ recording: recordingId, span: firstSpan, rendition: 'source', n }) as const

function take(memory: SegmentMemory, n: number, parts = [0, 1, 2]): Buffer {
  const segment = planSegment({ span: firstSpan, n, index: n, partCount: 3 })
  for (const p of parts) {
    memory.takePart({ span: firstSpan, rendition: 'source', n, p }, segment.parts[p] ?? none)
  }
  memory.takeSegment(segment.event)
  return segment.bytes
}

test('memory keeps the newest four segments of a rendition', () => {
  const memory = new SegmentMemory()
  const all = [0, 1, 2, 3, 4].map((n) => take(memory, n))
  expect([0, 1, 2, 3, 4].map((n) => memory.find(source(n)))).toEqual([null, ...all.slice(1)])
})

test.each([[[1, 2]], [[0, 2]], [[0, 1]], [[0, 0, 1, 2].slice(0, 2)]])(
  'a segment of which only the parts %j came by is not served from memory',
  (parts) => {
    const memory = new SegmentMemory()
    take(memory, 0, parts)
    expect(memory.find(source(0))).toBeNull()
  },
)

test('init sections are kept for every span', () => {
  const memory = new SegmentMemory()
  const spans = [firstSpan, newId<'span'>()]
  for (const span of spans) memory.takeInit(span, 'audio', Buffer.from(span))
  const found = spans.map((span) => memory.find({ recording: recordingId, span, rendition: 'audio', n: null }))
  expect(found.map(String)).toEqual(spans)
})

test('what a new connection tells takes the place of the old only when it is complete', () => {
  const live = new LiveRecordings({ seed: () => undefined, clock: { monotonicMs: () => 0 } })
  live.begin()
  for (const event of [
    recordingEvent,
    spanEvent(firstSpan, 0),
    planSegment({ span: firstSpan, n: 0, index: 0 }).event,
  ]) {
    live.take(journal(event))
  }
  expect(live.find(recordingId)).toBeNull()
  live.synced()
  const before = live.find(recordingId)
  expect(before?.timeline.spans).toHaveLength(1)
  live.begin()
  live.take(journal({ ...recordingEvent, slug: 'again' } as typeof recordingEvent))
  expect(live.find(recordingId)).toBe(before)
  live.lost()
  expect([live.find(recordingId), live.isConnected]).toEqual([before, false])
  live.begin()
  live.synced()
  expect(live.find(recordingId)).toBeNull()
})

test('a recording of which only the end is heard is seeded, and unknown until its beginning is there', () => {
  const seeded: Timeline[] = []
  const live = new LiveRecordings({
    seed: (_, timeline) => seeded.push(timeline),
    clock: { monotonicMs: () => 0 },
  })
  live.begin()
  live.synced()
  live.take(journal(spanEvent(secondSpan, 1)))
  expect([live.find(recordingId), seeded.length]).toEqual([null, 1])
  for (const event of [recordingEvent, spanEvent(firstSpan, 0)]) seeded[0]?.apply(event)
  expect(live.find(recordingId)?.timeline.spans.map(({ span }) => span)).toEqual([firstSpan, secondSpan])
})

test('an ended recording is let go a minute later, when the next one begins', () => {
  let nowMs = 0
  const live = new LiveRecordings({ seed: () => undefined, clock: { monotonicMs: () => nowMs } })
  live.begin()
  live.synced()
  live.take(journal(recordingEvent))
  live.take(journal({ type: 'ended', atMs: 1 }))
  const begin = () =>
    live.take({
      message: { type: 'journal', recording: newId<'recording'>(), event: recordingEvent },
      payload: none,
    })
  nowMs = 60_000
  begin()
  expect(live.find(recordingId)).not.toBeNull()
  nowMs = 60_001
  begin()
  expect(live.find(recordingId)).toBeNull()
})
