import { expect, test } from 'vitest'
import type { JournalEvent } from '#archive/hls/journal-event.ts'
import { reduceJournal } from '#archive/hls/timeline.ts'
import { pcmSamples } from '#archive/transcripts/pcm-samples.ts'
import { audioRuns } from '#archive/worker/recording-audio.ts'
import {
  audioSpec,
  firstSpan,
  gapEvent,
  initEvent,
  recordingEvent,
  recordingId,
  secondSpan,
  segmentEvent,
  spanEvent,
} from '#tests/support/journal.ts'

function runs(...events: JournalEvent[]) {
  const timeline = reduceJournal([recordingEvent, ...events])
  return audioRuns(timeline, recordingId).map(({ startMs, files }) => [startMs, ...files.map(({ n }) => n)])
}

const sound = (span: typeof firstSpan, n: number, startS: number) => segmentEvent(span, n, { spec: audioSpec, startS })

test('a span is one run from its MediaTime on, init section first, whatever the order of the journal', () => {
  expect(
    runs(
      spanEvent(firstSpan, 0),
      initEvent(firstSpan, 'audio'),
      sound(firstSpan, 1, 4),
      sound(firstSpan, 0, 0),
      segmentEvent(firstSpan, 0),
      spanEvent(secondSpan, 1),
      initEvent(secondSpan, 'audio'),
      sound(secondSpan, 2, 0),
    ),
  ).toEqual([
    [0, null, 0, 1],
    [8000, null, 2],
  ])
})

test('a gap ends a run, and the next begins at its own MediaTime', () => {
  expect(
    runs(
      spanEvent(secondSpan, 1),
      initEvent(secondSpan, 'audio'),
      sound(secondSpan, 5, 0),
      gapEvent(secondSpan, 'audio', 6),
      sound(secondSpan, 7, 8),
    ),
  ).toEqual([
    [8000, null, 5],
    [16_000, null, 7],
  ])
})

test('a recording without sound has no run', () => {
  expect(runs(spanEvent(firstSpan, 0), segmentEvent(firstSpan, 0))).toEqual([])
})

test('samples come whole out of bytes cut anywhere', async () => {
  const bytes = Buffer.from(new Float32Array([0.5, -1, 0.25, 1]).buffer)
  async function* cut() {
    yield* [bytes.subarray(0, 3), bytes.subarray(3, 5), bytes.subarray(5, 12), bytes.subarray(12), Buffer.from([1, 2])]
  }
  const samples: number[] = []
  for await (const piece of pcmSamples(cut())) samples.push(...piece)
  expect(samples).toEqual([0.5, -1, 0.25, 1])
})
