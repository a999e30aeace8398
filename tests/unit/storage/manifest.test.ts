import { expect, test } from 'vitest'
import { reduceJournal } from '#archive/hls/timeline.ts'
import { eventsOfManifest, manifestOf } from '#archive/storage/manifest.ts'
import { NumberReserve } from '#archive/storage/number-reserve.ts'
import {
  audioSpec,
  firstSpan,
  gapEvent,
  initEvent,
  recordingEvent,
  recordingId,
  secondSpan,
  segmentEvent,
  spanEndEvent,
  spanEvent,
} from '#tests/support/journal.ts'

const timeline = reduceJournal([
  recordingEvent,
  { type: 'numbers', upTo: 64 },
  spanEvent(firstSpan, 0),
  initEvent(firstSpan, 'source'),
  segmentEvent(firstSpan, 0),
  segmentEvent(firstSpan, 0, { spec: audioSpec }),
  spanEndEvent(firstSpan),
  spanEvent(secondSpan, 1),
  gapEvent(secondSpan, 'audio', 64),
  { type: 'ended', atMs: 99 },
])

test('a manifest says everything that a journal says, and is the same again after a round trip', () => {
  const manifest = manifestOf(timeline)
  const events = eventsOfManifest(JSON.stringify(manifest))
  expect(events.ok && manifestOf(reduceJournal(events.value))).toEqual(manifest)
  expect(manifest).toMatchObject({
    format: 'hemicycle-recording',
    version: 1,
    recording: recordingId,
    endedAtMs: 99,
    nextNumber: 65,
    spans: [
      {
        end: { durationMs: 8000, cause: 'disconnected' },
        renditions: [{ segments: [{ n: 0, durationTicks: 360_000, parts: [[360_000, 500_000, 1]] }] }, {}],
      },
      { end: null, renditions: [{ segments: [] }, { segments: [{ n: 64, gapMs: 4000 }] }] },
    ],
  })
})

test.each([
  '',
  'null',
  '{}',
  '{"format":"hemicycle-recording","version":2}',
  '{"format":"hemicycle-recording","version":1}',
])('what is no manifest is refused: %s', (text) => {
  expect(eventsOfManifest(text)).toMatchObject({ ok: false, code: 'RECORDING_UNREADABLE' })
})

test('a manifest with a path for an id is refused', () => {
  const text = JSON.stringify(manifestOf(timeline)).replaceAll(firstSpan, '../../../../../../../etc/')
  expect(eventsOfManifest(text)).toMatchObject({ ok: false, code: 'RECORDING_UNREADABLE' })
})

test('numbers are reserved in blocks, the next block before the last is used up', () => {
  const reserved: number[] = []
  const reserve = new NumberReserve(64, (upTo) => reserved.push(upTo))
  expect(reserved).toEqual([128])
  const taken = Array.from({ length: 33 }, () => reserve.take())
  expect([taken[0], taken[32]]).toEqual([64, 96])
  expect(reserved).toEqual([128, 192])
})
