import { expect, test } from 'vitest'
import type { SpanId } from '#archive/core/ids.ts'
import type { JournalEvent, SegmentEvent } from '#archive/hls/journal-event.ts'
import { LivePlaylist } from '#archive/hls/live-playlist.ts'
import { partTargetS, serverControl } from '#archive/hls/low-latency.ts'
import type { RenditionName, RenditionSpec } from '#archive/hls/packaging.ts'
import { parsePlaylist } from '#archive/hls/playlist-parser.ts'
import { Timeline } from '#archive/hls/timeline.ts'
import {
  audioSpec,
  firstSpan,
  gapEvent,
  initEvent,
  recordingEvent,
  secondSpan,
  sourceSpec,
  spanEndEvent,
  spanEvent,
} from '#tests/support/journal.ts'

const partS = 0.4
const independent = (spec: RenditionSpec, p: number) => p === 0 || spec.kind === 'audio'

/** Ten parts of 0.4 s. */
function segment(spec: RenditionSpec, { span, n, index }: { span: SpanId; n: number; index: number }): SegmentEvent {
  const durationTicks = partS * spec.timescale
  return {
    type: 'segment',
    span,
    rendition: spec.name,
    n,
    startTicks: index * 10 * durationTicks,
    durationTicks: 10 * durationTicks,
    sizeBytes: 1000,
    sha256: '',
    parts: Array.from({ length: 10 }, (_, p) => ({
      durationTicks,
      sizeBytes: 100,
      independent: independent(spec, p),
    })),
  }
}

/** A timeline that a test fills segment by segment and part by part, and what its playlists say. */
class Broadcast {
  readonly timeline = new Timeline()
  readonly source = new LivePlaylist(this.timeline, 'source')
  readonly audio = new LivePlaylist(this.timeline, 'audio')
  #span = firstSpan
  #index = 0

  constructor() {
    this.tell(recordingEvent)
    this.begin(firstSpan, 0)
  }

  tell(...events: JournalEvent[]): void {
    for (const event of events) this.timeline.apply(event)
  }

  begin(span: typeof firstSpan, index: number): void {
    this.#span = span
    this.#index = 0
    this.tell(spanEvent(span, index), initEvent(span, 'source'), initEvent(span, 'audio'))
  }

  parts(rendition: 'source' | 'audio', n: number, count: number): void {
    const spec = rendition === 'source' ? sourceSpec : audioSpec
    const durationTicks = partS * spec.timescale
    const place = { span: this.#span, rendition, n, startTicks: this.#index * 10 * durationTicks, durationTicks }
    for (let p = 0; p < count; p++) this.timeline.takePart({ ...place, p, independent: independent(spec, p) })
  }

  /** Segment `n` of both renditions with its parts. */
  segment(n: number): void {
    for (const spec of [sourceSpec, audioSpec]) {
      this.parts(spec.name as 'source' | 'audio', n, 10)
      this.tell(segment(spec, { span: this.#span, n, index: this.#index }))
    }
    this.#index++
  }

  full(rendition: 'source' | 'audio' = 'source'): string {
    const { settled, rest } = this[rendition].full(this.#reports(rendition))
    return settled + rest
  }

  delta(): string | null {
    return this.source.delta(this.#reports('source'))
  }

  #reports(own: RenditionName) {
    return [this.source, this.audio].filter(({ name }) => name !== own).map((playlist) => playlist.report())
  }
}

const path = (name: string, span = firstSpan) => `/media/rec00000000000000000000000/${span}/source/${name}`

function partLines(n: number, count: number, span = firstSpan): string {
  return Array.from({ length: count }, (_, p) => {
    const independent = p === 0 ? ',INDEPENDENT=YES' : ''
    return `#EXT-X-PART:DURATION=0.4,URI="${path(`${n}.${p}.m4s`, span)}"${independent}\n`
  }).join('')
}

const header = `#EXTM3U
#EXT-X-VERSION:9
#EXT-X-TARGETDURATION:4
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=24,HOLD-BACK=12,PART-HOLD-BACK=1.26
#EXT-X-PART-INF:PART-TARGET=0.42
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-DISCONTINUITY-SEQUENCE:0
#EXT-X-INDEPENDENT-SEGMENTS
`

test('the hold-backs are three times what they are measured in, and the skip boundary six times', () => {
  expect(serverControl.partHoldBackS).toBeCloseTo(3 * partTargetS)
  expect(serverControl).toMatchObject({ holdBackS: 12, canSkipUntilS: 24, canBlockReload: true })
})

test('a live playlist lists complete segments with their parts, the open one, a hint and a report', () => {
  const broadcast = new Broadcast()
  expect(broadcast.source.isListable).toBe(false)
  broadcast.segment(0)
  broadcast.parts('source', 1, 2)
  broadcast.parts('audio', 1, 1)
  expect(broadcast.full()).toBe(`${header}#EXT-X-MAP:URI="${path('init.mp4')}"
#EXT-X-PROGRAM-DATE-TIME:2026-03-02T19:00:00.000Z
${partLines(0, 10)}#EXTINF:4,
${path('0.m4s')}
#EXT-X-PROGRAM-DATE-TIME:2026-03-02T19:00:04.000Z
${partLines(1, 2)}#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${path('1.2.m4s')}"
#EXT-X-RENDITION-REPORT:URI="audio.m3u8",LAST-MSN=1,LAST-PART=0
`)
})

test('between two segments the hint is the first part of the next', () => {
  const broadcast = new Broadcast()
  broadcast.segment(0)
  expect(broadcast.full()).toContain(`\n#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${path('1.0.m4s')}"\n`)
  broadcast.parts('source', 1, 10)
  expect(broadcast.full('audio')).toContain('/audio/1.0.m4s"')
})

test('discontinuity, map and date stand before the first part of a new span', () => {
  const broadcast = new Broadcast()
  broadcast.segment(0)
  broadcast.tell(spanEndEvent(firstSpan, 4000))
  expect(broadcast.full()).toContain(`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${path('1.0.m4s')}"`)
  broadcast.begin(secondSpan, 1)
  broadcast.parts('source', 1, 1)
  expect(broadcast.full().split(`${path('0.m4s')}\n`)[1]).toBe(`#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="${path('init.mp4', secondSpan)}"
#EXT-X-PROGRAM-DATE-TIME:2026-03-02T19:01:00.000Z
${partLines(1, 1, secondSpan)}#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${path('1.1.m4s', secondSpan)}"
#EXT-X-RENDITION-REPORT:URI="audio.m3u8",LAST-MSN=0,LAST-PART=9
`)
})

test('parts leave the playlist when their segment ends more than three target durations from the edge', () => {
  const broadcast = new Broadcast()
  for (let n = 0; n < 4; n++) broadcast.segment(n)
  expect(broadcast.full()).toContain(path('0.0.m4s'))
  broadcast.parts('source', 4, 1)
  expect(broadcast.full()).not.toContain(path('0.0.m4s'))
  expect(broadcast.full()).toContain(path('1.0.m4s'))
})

test('a delta update skips what lies beyond the boundary and equals the rest of the full playlist', () => {
  const broadcast = new Broadcast()
  for (let n = 0; n < 6; n++) broadcast.segment(n)
  expect(broadcast.delta()).toBeNull()
  for (let n = 6; n < 40; n++) {
    broadcast.segment(n)
    broadcast.parts('source', n + 1, n % 10)
    const [full, delta] = [parsePlaylist(broadcast.full()), parsePlaylist(broadcast.delta() ?? broadcast.full())]
    if (!full.ok || !delta.ok || full.value.kind !== 'media' || delta.value.kind !== 'media')
      throw new Error('unreadable')
    const skipped = delta.value.skip?.segments ?? 0
    expect(delta.value).toEqual({
      ...full.value,
      skip: skipped > 0 ? { segments: skipped, removedDateRanges: [] } : null,
      segments: full.value.segments.slice(skipped),
    })
  }
  expect(broadcast.delta()).toMatch(
    /#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-DISCONTINUITY-SEQUENCE:0\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-SKIP:SKIPPED-SEGMENTS=34\n/,
  )
})

test('what was settled of a playlist is the beginning of every later one, whether it was asked for or not', () => {
  const [often, once] = [new Broadcast(), new Broadcast()]
  let before = ''
  for (let n = 0; n < 12; n++) {
    for (const broadcast of [often, once]) {
      broadcast.segment(n)
      broadcast.parts('source', n + 1, 3)
    }
    const { settled } = often.source.full([])
    expect(settled.startsWith(before)).toBe(true)
    before = settled
  }
  expect(often.full()).toBe(once.full())
})

test.each([
  [{ msn: 0, part: null }, true],
  [{ msn: 1, part: 9 }, true],
  // A part past the end of a complete segment means part 0 of the next.
  [{ msn: 0, part: 400 }, true],
  [{ msn: 1, part: 10 }, true],
  [{ msn: 2, part: 1 }, true],
  [{ msn: 2, part: 2 }, false],
  [{ msn: 2, part: null }, false],
  [{ msn: 3, part: 0 }, false],
])('with two segments and two parts of a third, the position %j is there: %s', (position, isThere) => {
  const broadcast = new Broadcast()
  broadcast.segment(0)
  broadcast.segment(1)
  broadcast.parts('source', 2, 2)
  expect(broadcast.source.holds(position)).toBe(isThere)
})

test('a part past the end waits for part 0 of the next segment, a whole segment does not', () => {
  const broadcast = new Broadcast()
  broadcast.segment(0)
  expect(broadcast.source.holds({ msn: 0, part: 10 })).toBe(false)
  expect(broadcast.source.holds({ msn: 0, part: null })).toBe(true)
  broadcast.parts('source', 1, 1)
  expect(broadcast.source.holds({ msn: 0, part: 10 })).toBe(true)
})

test.each([
  [{ msn: 4, part: null }, false],
  [{ msn: 5, part: null }, true],
  [{ msn: 2, part: 11 }, false],
  [{ msn: 2, part: 12 }, true],
  // The last part of a segment that has not begun.
  [{ msn: 3, part: 10 }, false],
  [{ msn: 3, part: 11 }, true],
])('with two segments and four parts of a third, asking for %j is too much: %s', (position, isTooFar) => {
  const broadcast = new Broadcast()
  broadcast.segment(0)
  broadcast.segment(1)
  broadcast.parts('source', 2, 4)
  expect(broadcast.source.isTooFar(position)).toBe(isTooFar)
})

test('a rendition that lags behind lists a gap as soon as it is known, and answers who waited for its parts', () => {
  const broadcast = new Broadcast()
  broadcast.segment(0)
  broadcast.tell(segment(sourceSpec, { span: firstSpan, n: 1, index: 1 }))
  expect(broadcast.audio.holds({ msn: 1, part: 0 })).toBe(false)
  broadcast.tell(gapEvent(firstSpan, 'audio', 1))
  expect(broadcast.audio.holds({ msn: 1, part: 0 })).toBe(true)
  expect(broadcast.audio.report()).toEqual({ uri: 'audio.m3u8', lastMsn: 1, lastPart: null })
})

test('parts that came without the first of their segment are not listed; the complete segment is', () => {
  const broadcast = new Broadcast()
  broadcast.segment(0)
  broadcast.timeline.takePart({
    span: firstSpan,
    rendition: 'source',
    n: 1,
    p: 3,
    startTicks: 0,
    durationTicks: 36_000,
    independent: false,
  })
  expect(broadcast.full()).not.toContain(path('1.3.m4s'))
  broadcast.segment(1)
  expect(broadcast.full()).toContain(path('1.9.m4s'))
})

test('an ended playlist hints at nothing, skips nothing and closes', () => {
  const broadcast = new Broadcast()
  for (let n = 0; n < 12; n++) broadcast.segment(n)
  broadcast.tell(spanEndEvent(firstSpan, 48_000), { type: 'ended', atMs: 1 })
  expect(broadcast.full()).not.toMatch(/PRELOAD-HINT|RENDITION-REPORT/)
  expect(broadcast.full().endsWith(`${path('11.m4s')}\n#EXT-X-ENDLIST\n`)).toBe(true)
  expect(broadcast.delta()).toBeNull()
})

test('at hour six a delta update is within two kilobytes compressed', async () => {
  const { gzipSync } = await import('node:zlib')
  const broadcast = new Broadcast()
  for (let n = 0; n < 5400; n++) broadcast.segment(n)
  broadcast.parts('source', 5400, 9)
  expect(gzipSync(broadcast.delta() ?? '').length).toBeLessThanOrEqual(2048)
})
