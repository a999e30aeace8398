import { describe, expect, it } from 'vitest'
import type { SpanId } from '#archive/core/ids.ts'
import { measureBandwidth } from '#archive/hls/bandwidth.ts'
import type { JournalEvent } from '#archive/hls/journal-event.ts'
import { LivePlaylist } from '#archive/hls/live-playlist.ts'
import { mediaPlaylist } from '#archive/hls/media-view.ts'
import { Timeline } from '#archive/hls/timeline.ts'
import { isJournalEvent } from '#archive/storage/journal-text.ts'
import { manifestOf } from '#archive/storage/manifest.ts'
import {
  audioSpec,
  firstSpan,
  initEvent,
  recordingEvent,
  recordingId,
  secondSpan,
  segmentEvent,
  sourceSpec,
  spanEndEvent,
  spanEvent,
  testId,
} from '#tests/support/journal.ts'

const slateSpan = testId<SpanId>('sx')
const slate: JournalEvent = {
  type: 'slate',
  span: slateSpan,
  index: 1,
  asset: '0123456789abcdef0123456789abcdef',
  renditions: [{ ...sourceSpec, timescale: 25_000 }, audioSpec],
  fromNumber: 9,
  wallMs: Date.UTC(2026, 2, 2, 19, 0, 4),
  why: 'paused',
}

/** One segment of four seconds, then a slate. */
const beginning: readonly JournalEvent[] = [
  recordingEvent,
  spanEvent(firstSpan, 0),
  initEvent(firstSpan, 'source'),
  initEvent(firstSpan, 'audio'),
  segmentEvent(firstSpan, 0),
  segmentEvent(firstSpan, 0, { spec: audioSpec }),
  spanEndEvent(firstSpan, 4000),
  slate,
]
/** And the room again. */
const rest: readonly JournalEvent[] = [
  { type: 'slate-end', span: slateSpan, slots: 13 },
  spanEvent(secondSpan, 1),
  initEvent(secondSpan, 'source'),
  initEvent(secondSpan, 'audio'),
  segmentEvent(secondSpan, 12),
  segmentEvent(secondSpan, 12, { spec: audioSpec }),
]

function timelineOf(...events: readonly JournalEvent[]): Timeline {
  const timeline = new Timeline()
  for (const event of events) timeline.apply(event)
  return timeline
}

function linesOf(timeline: Timeline, name: 'source' | 'audio' = 'source'): string[] {
  const { settled, rest: end } = new LivePlaylist(timeline, name).full([])
  return `${settled}${end}`.split('\n')
}

describe('a live playlist', () => {
  it('goes on with the slate: its own addresses and init section, a discontinuity, the date of the last picture', () => {
    const timeline = timelineOf(...beginning)
    timeline.advanceSlate(slateSpan, 11)
    const lines = linesOf(timeline)
    const from = lines.indexOf('#EXT-X-DISCONTINUITY')
    const at = `/media/${recordingId}/${slateSpan}/source`
    expect(lines.slice(from, from + 4)).toEqual([
      '#EXT-X-DISCONTINUITY',
      `#EXT-X-MAP:URI="${at}/init.mp4"`,
      '#EXT-X-PROGRAM-DATE-TIME:2026-03-02T19:00:04.000Z',
      `#EXT-X-PART:DURATION=0.4,URI="${at}/9.0.m4s",INDEPENDENT=YES`,
    ])
    expect(lines.filter((line) => line.startsWith(`#EXT-X-PART:DURATION=0.4,URI="${at}/9.`))).toHaveLength(10)
    expect(lines.slice(lines.indexOf('#EXTINF:4,', from), -1)).toEqual([
      '#EXTINF:4,',
      `${at}/9.m4s`,
      '#EXT-X-PROGRAM-DATE-TIME:2026-03-02T19:00:08.000Z',
      `#EXT-X-PART:DURATION=0.4,URI="${at}/10.0.m4s",INDEPENDENT=YES`,
      `#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${at}/10.1.m4s"`,
    ])
  })

  it('cuts the slate short where the room comes back, in every rendition at the same place', () => {
    const timeline = timelineOf(...beginning, ...rest)
    for (const name of ['source', 'audio'] as const) {
      const lines = linesOf(timeline, name)
      const uris = lines.filter((line) => line.startsWith('/media/'))
      expect(uris).toEqual([
        `/media/${recordingId}/${firstSpan}/${name}/0.m4s`,
        `/media/${recordingId}/${slateSpan}/${name}/9.m4s`,
        `/media/${recordingId}/${slateSpan}/${name}/10.m4s`,
        `/media/${recordingId}/${secondSpan}/${name}/12.m4s`,
      ])
      expect(lines.filter((line) => line === '#EXT-X-DISCONTINUITY')).toHaveLength(2)
    }
    const short = timeline.slate(slateSpan)?.renditions.get('source')?.entries.get(10)
    expect(short).toMatchObject({ startTicks: 100_000, durationTicks: 30_000 })
  })

  it('is the same whether the slate was followed or read afterwards, and however often it is told', () => {
    const followed = timelineOf(...beginning)
    for (let slots = 1; slots <= 13; slots += 1) {
      expect(followed.advanceSlate(slateSpan, slots)).toBe(true)
      expect(followed.advanceSlate(slateSpan, slots)).toBe(false)
    }
    for (const event of [...rest, ...beginning, ...rest]) followed.apply(event)
    expect(linesOf(followed)).toEqual(linesOf(timelineOf(...beginning, ...rest)))
    expect(followed.advanceSlate(slateSpan, 20)).toBe(false)
  })

  it('only ever grows while the slate is shown', () => {
    const timeline = timelineOf(...beginning)
    const playlist = new LivePlaylist(timeline, 'audio')
    let before = 0
    for (let slots = 1; slots <= 45; slots += 1) {
      timeline.advanceSlate(slateSpan, slots)
      const { lastMsn, lastPart } = playlist.report()
      const at = (lastMsn ?? 0) * 100 + (lastPart ?? 0)
      expect(at).toBeGreaterThan(before)
      before = at
    }
    expect(playlist.report()).toMatchObject({ lastMsn: 5, lastPart: 4 })
  })
})

describe('a slate', () => {
  it('leaves no trace in replay, manifest and bit rates', () => {
    const timeline = timelineOf(...beginning, ...rest)
    const without = timelineOf(...[...beginning, ...rest].filter(({ type }) => !type.startsWith('slate')))
    const replay = { rendition: 'source', kind: 'replay', windowS: null } as const
    expect(mediaPlaylist(timeline, replay)).toEqual(mediaPlaylist(without, replay))
    expect(manifestOf(timeline)).toEqual(manifestOf(without))
    expect(measureBandwidth(timeline, 'source', 4)).toEqual(measureBandwidth(without, 'source', 4))
  })

  it('keeps its numbers: what follows is numbered after it', () => {
    const timeline = timelineOf(...beginning)
    timeline.advanceSlate(slateSpan, 25)
    timeline.apply({ type: 'slate-end', span: slateSpan, slots: 25 })
    expect(timeline.nextNumber).toBe(12)
  })

  it('knows which of its segments there are, and how much of the last one', () => {
    const of = timelineOf(...beginning, ...rest).slate(slateSpan)
    expect([8, 9, 10, 11].map((n) => of?.position(n))).toEqual([
      null,
      { index: 0, slots: 10 },
      { index: 1, slots: 3 },
      null,
    ])
  })

  it('that nobody tells of any more goes on by the clock, within the numbers that are reserved', () => {
    const timeline = timelineOf(...beginning, { type: 'numbers', upTo: 20 })
    const of = timeline.slate(slateSpan)
    const afterMs = (ms: number) => of?.slotsBy(Date.UTC(2026, 2, 2, 19, 0, 4) + ms, timeline.nextNumber)
    expect([-5000, 0, 399, 4000, 43_999, 86_400_000].map(afterMs)).toEqual([0, 0, 0, 10, 109, 110])
    timeline.advanceSlate(slateSpan, 12)
    expect(afterMs(400)).toBe(12)
  })

  it('that ended before its first part is no stretch of the stream', () => {
    const timeline = timelineOf(...beginning, { type: 'slate-end', span: slateSpan, slots: 0 }, ...rest.slice(1))
    expect(linesOf(timeline).filter((line) => line === '#EXT-X-DISCONTINUITY')).toHaveLength(1)
  })

  it('is read back from a journal', () => {
    expect([slate, rest[0]].map(isJournalEvent)).toEqual([true, true])
    expect(isJournalEvent({ ...slate, span: '../..' })).toBe(false)
    expect(isJournalEvent({ ...slate, fromNumber: -1 })).toBe(false)
    expect(isJournalEvent({ type: 'slate-end', span: slateSpan, slots: 1.5 })).toBe(false)
  })
})
