import { expect, test } from 'vitest'
import type { JournalEvent } from '#archive/hls/journal-event.ts'
import { type MediaView, mediaPlaylist } from '#archive/hls/media-view.ts'
import { writeMediaPlaylist } from '#archive/hls/playlist-writer.ts'
import { reduceJournal } from '#archive/hls/timeline.ts'
import {
  audioSpec,
  firstSpan,
  gapEvent,
  initEvent,
  recordingEvent,
  secondSpan,
  segmentEvent,
  smallSpec,
  sourceSpec,
  spanEndEvent,
  spanEvent,
} from '#tests/support/journal.ts'

const live: MediaView = { rendition: 'source', kind: 'live', windowS: null }

const opening: JournalEvent[] = [recordingEvent, spanEvent(firstSpan, 0), initEvent(firstSpan, 'source')]

/** Two spans; the second knows 360p too, and its source segment 3 is still being shed for 360p. */
const twoSpans: JournalEvent[] = [
  ...opening,
  initEvent(firstSpan, 'audio'),
  segmentEvent(firstSpan, 0),
  segmentEvent(firstSpan, 0, { spec: audioSpec }),
  segmentEvent(firstSpan, 1, { startS: 4, durationS: 4.4 }),
  segmentEvent(firstSpan, 1, { spec: audioSpec, startS: 4, durationS: 4.416 }),
  spanEndEvent(firstSpan, 8400),
  spanEvent(secondSpan, 1, [sourceSpec, smallSpec, audioSpec]),
  initEvent(secondSpan, 'source'),
  initEvent(secondSpan, '360p'),
  segmentEvent(secondSpan, 64),
  segmentEvent(secondSpan, 64, { spec: smallSpec }),
  segmentEvent(secondSpan, 65, { startS: 4, durationS: 3.56 }),
]

function text(events: readonly JournalEvent[], view: MediaView): string | null {
  const playlist = mediaPlaylist(reduceJournal(events), view)
  return playlist && writeMediaPlaylist(playlist)
}

test('a playlist does not exist before its first complete segment', () => {
  expect(text(opening, live)).toBeNull()
})

test('a live playlist lists complete segments, with a discontinuity and a date at the new span', () => {
  expect(text(twoSpans, live)).toBe(`#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:4
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-DISCONTINUITY-SEQUENCE:0
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MAP:URI="/media/rec00000000000000000000000/sa000000000000000000000000/source/init.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-03-02T19:00:00.000Z
#EXTINF:4,
/media/rec00000000000000000000000/sa000000000000000000000000/source/0.m4s
#EXTINF:4.4,
/media/rec00000000000000000000000/sa000000000000000000000000/source/1.m4s
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="/media/rec00000000000000000000000/sb000000000000000000000000/source/init.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-03-02T19:01:00.000Z
#EXTINF:4,
/media/rec00000000000000000000000/sb000000000000000000000000/source/64.m4s
#EXTINF:3.56,
/media/rec00000000000000000000000/sb000000000000000000000000/source/65.m4s
`)
})

test('a rendition that a span lacks carries gaps there, and lists its own segments only when they are complete', () => {
  expect(text(twoSpans, { ...live, rendition: '360p' })).toBe(`#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:4
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-DISCONTINUITY-SEQUENCE:0
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-PROGRAM-DATE-TIME:2026-03-02T19:00:00.000Z
#EXT-X-GAP
#EXTINF:4,
/media/rec00000000000000000000000/sa000000000000000000000000/360p/0.m4s
#EXT-X-GAP
#EXTINF:4.4,
/media/rec00000000000000000000000/sa000000000000000000000000/360p/1.m4s
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="/media/rec00000000000000000000000/sb000000000000000000000000/360p/init.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-03-02T19:01:00.000Z
#EXTINF:4,
/media/rec00000000000000000000000/sb000000000000000000000000/360p/64.m4s
`)
})

test('a replay is a finished VOD in which what never came is a gap', () => {
  const playlist = text(twoSpans, { rendition: '360p', kind: 'replay', windowS: null })
  expect(playlist).toContain('#EXT-X-PLAYLIST-TYPE:VOD\n')
  expect(playlist?.split('\n').slice(-5)).toEqual([
    '#EXT-X-GAP',
    '#EXTINF:3.56,',
    '/media/rec00000000000000000000000/sb000000000000000000000000/360p/65.m4s',
    '#EXT-X-ENDLIST',
    '',
  ])
})

test('every rendition has its discontinuity at the same place and the same number of entries in a replay', () => {
  const timeline = reduceJournal(twoSpans)
  const shapes = (['source', '360p', 'audio'] as const).map((rendition) =>
    mediaPlaylist(timeline, { rendition, kind: 'replay', windowS: null })?.segments.map(
      (segment) => segment.discontinuity,
    ),
  )
  expect(shapes).toEqual(Array(3).fill([false, false, true, false]))
})

test('an explicit gap is listed at once and what follows it too', () => {
  const events = [...twoSpans, gapEvent(secondSpan, '360p', 65), gapEvent(secondSpan, '360p', 66)]
  const segments = mediaPlaylist(reduceJournal(events), { ...live, rendition: '360p' })?.segments ?? []
  expect(segments.map((segment) => segment.gap)).toEqual([true, true, false, true, true])
})

test('an ended recording closes its live playlist and a reopened one goes on', () => {
  const ended: JournalEvent[] = [...twoSpans, { type: 'ended', atMs: 5 }]
  expect(mediaPlaylist(reduceJournal(ended), live)?.ended).toBe(true)
  expect(mediaPlaylist(reduceJournal([...ended, { type: 'reopened', atMs: 6 }]), live)?.ended).toBe(false)
})

test('within a sliding window both sequence numbers only grow while the journal does', () => {
  const seen = twoSpans.map((_, index) =>
    mediaPlaylist(reduceJournal(twoSpans.slice(0, index + 1)), { ...live, windowS: 6 }),
  )
  const numbers = seen.flatMap((playlist) =>
    playlist ? [[playlist.mediaSequence, playlist.discontinuitySequence]] : [],
  )
  expect(numbers.at(0)).toEqual([0, 0])
  expect(numbers.at(-1)).toEqual([2, 0])
  expect(numbers).toEqual(numbers.toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0)))
})

test('a discontinuity that has slid out of the window is counted', () => {
  const events = [
    ...twoSpans,
    segmentEvent(secondSpan, 66, { startS: 8 }),
    segmentEvent(secondSpan, 67, { startS: 12 }),
  ]
  const playlist = mediaPlaylist(reduceJournal(events), { ...live, windowS: 6 })
  expect([playlist?.mediaSequence, playlist?.discontinuitySequence]).toEqual([4, 1])
  expect(playlist?.segments[0]?.programDateTimeMs).toBe(Date.UTC(2026, 2, 2, 19, 1, 8))
})

test('whatever a live playlist once listed stays listed', () => {
  for (const rendition of ['source', '360p', 'audio'] as const) {
    let before: readonly string[] = []
    for (const length of twoSpans.keys()) {
      const playlist = mediaPlaylist(reduceJournal(twoSpans.slice(0, length + 1)), { ...live, rendition })
      const addresses = playlist?.segments.map(({ uri, gap }) => `${uri} ${gap}`) ?? []
      expect(addresses.slice(0, before.length)).toEqual(before)
      before = addresses
    }
  }
})
