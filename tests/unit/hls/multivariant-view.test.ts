import { expect, test } from 'vitest'
import type { SpanId } from '#archive/core/ids.ts'
import type { JournalEvent } from '#archive/hls/journal-event.ts'
import { multivariantPlaylist } from '#archive/hls/multivariant-view.ts'
import { writeMultivariantPlaylist } from '#archive/hls/playlist-writer.ts'
import { reduceJournal } from '#archive/hls/timeline.ts'
import {
  audioSpec,
  firstSpan,
  gapEvent,
  recordingEvent,
  secondSpan,
  segmentEvent,
  smallSpec,
  sourceSpec,
  spanEndEvent,
  spanEvent,
  testId,
} from '#tests/support/journal.ts'

const all = [sourceSpec, smallSpec, audioSpec]
const opening: JournalEvent[] = [recordingEvent, spanEvent(firstSpan, 0, all), segmentEvent(firstSpan, 0)]
const complete: JournalEvent[] = [
  ...opening,
  segmentEvent(firstSpan, 0, { spec: audioSpec, sizeBytes: 64_000 }),
  segmentEvent(firstSpan, 0, { spec: smallSpec, sizeBytes: 100_000 }),
  segmentEvent(firstSpan, 1, { startS: 4, durationS: 4, sizeBytes: 1_000_000 }),
]

const names = (events: readonly JournalEvent[], kind: 'live' | 'replay' = 'live') =>
  multivariantPlaylist(reduceJournal(events), kind)?.variants.map((variant) => variant.uri) ?? null

test('the multivariant playlist promises what was measured', () => {
  const playlist = multivariantPlaylist(reduceJournal(complete), 'live')
  expect(playlist && writeMultivariantPlaylist(playlist)).toBe(`#EXTM3U
#EXT-X-VERSION:7
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="audio",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="audio.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=2128000,AVERAGE-BANDWIDTH=1628000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=25.000,AUDIO="audio"
source.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=328000,AVERAGE-BANDWIDTH=328000,CODECS="avc1.4d401e,mp4a.40.2",RESOLUTION=640x360,FRAME-RATE=25.000,AUDIO="audio"
360p.m3u8
`)
})

test('it waits for the first segment of each rendition, but not longer than two segments of the master', () => {
  expect(names(opening)).toBeNull()
  expect(names([...opening, segmentEvent(firstSpan, 1)])).toEqual(['source.m3u8'])
  expect(names(complete)).toEqual(['source.m3u8', '360p.m3u8'])
})

test('a shed rendition leaves the live playlist and stays in the replay', () => {
  const shed = [...complete, gapEvent(firstSpan, '360p', 1)]
  expect(names(shed)).toEqual(['source.m3u8'])
  expect(names(shed, 'replay')).toEqual(['source.m3u8', '360p.m3u8'])
})

test('live follows the latest span that has media, the replay offers the union', () => {
  const next = [...complete, spanEndEvent(firstSpan), spanEvent(secondSpan, 1, [sourceSpec])]
  expect(names(next)).toEqual(['source.m3u8', '360p.m3u8'])
  const begun = [...next, segmentEvent(secondSpan, 2)]
  expect(names(begun)).toEqual(['source.m3u8'])
  expect(names(begun, 'replay')).toEqual(['source.m3u8', '360p.m3u8'])
})

test('a feed without sound has no audio group, and sound alone is a variant of its own', () => {
  const silent = [recordingEvent, spanEvent(firstSpan, 0, [sourceSpec]), segmentEvent(firstSpan, 0)]
  expect(multivariantPlaylist(reduceJournal(silent), 'live')).toMatchObject({
    renditions: [],
    variants: [{ uri: 'source.m3u8', codecs: 'avc1.64001f', audio: null }],
  })
  const blind = [recordingEvent, spanEvent(firstSpan, 0, [audioSpec]), segmentEvent(firstSpan, 0, { spec: audioSpec })]
  expect(multivariantPlaylist(reduceJournal(blind), 'replay')).toMatchObject({
    renditions: [],
    variants: [{ uri: 'audio.m3u8', codecs: 'mp4a.40.2', resolution: null }],
  })
})

test('a short last segment does not count as the peak', () => {
  const events = [...opening, segmentEvent(firstSpan, 1, { startS: 4, durationS: 0.2, sizeBytes: 200_000 })]
  expect(multivariantPlaylist(reduceJournal(events), 'replay')?.variants[0]).toMatchObject({
    bandwidthBps: Math.ceil((700_000 * 8) / 4.2),
    averageBandwidthBps: Math.ceil((700_000 * 8) / 4.2),
  })
})

test('the size promised is the largest that has media', () => {
  const large = { ...sourceSpec, width: 1920, height: 1080, codecs: 'avc1.640028' }
  const events = [
    ...complete,
    spanEndEvent(firstSpan),
    spanEvent(secondSpan, 1, [large]),
    spanEvent(testId<SpanId>('sc'), 2, [{ ...large, width: 3840 }]),
  ]
  const source = (of: readonly JournalEvent[]) => multivariantPlaylist(reduceJournal(of), 'replay')?.variants[0]
  expect(source(events)).toMatchObject({ resolution: { width: 1280, height: 720 } })
  expect(source([...events, segmentEvent(secondSpan, 2)])).toMatchObject({
    resolution: { width: 1920, height: 1080 },
    codecs: 'avc1.640028,mp4a.40.2',
  })
})
