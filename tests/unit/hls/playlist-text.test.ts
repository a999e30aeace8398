import HLS from 'hls-parser'
import { expect, test } from 'vitest'
import { mediaPlaylist } from '#archive/hls/media-view.ts'
import { multivariantPlaylist } from '#archive/hls/multivariant-view.ts'
import type { MediaPlaylist } from '#archive/hls/playlist.ts'
import { parsePlaylist } from '#archive/hls/playlist-parser.ts'
import { writeMediaPlaylist, writeMultivariantPlaylist } from '#archive/hls/playlist-writer.ts'
import { reduceJournal } from '#archive/hls/timeline.ts'
import {
  audioSpec,
  firstSpan,
  initEvent,
  recordingEvent,
  secondSpan,
  segmentEvent,
  sourceSpec,
  spanEndEvent,
  spanEvent,
} from '#tests/support/journal.ts'
import { seeded } from '#tests/support/seeded.ts'

const timeline = reduceJournal([
  recordingEvent,
  spanEvent(firstSpan, 0),
  initEvent(firstSpan, 'source'),
  segmentEvent(firstSpan, 0),
  segmentEvent(firstSpan, 0, { spec: audioSpec }),
  spanEndEvent(firstSpan, 4000),
  spanEvent(secondSpan, 1, [sourceSpec]),
  initEvent(secondSpan, 'source'),
  segmentEvent(secondSpan, 1),
])

/** Every tag of the model at once; not a playlist anyone should publish. */
const everything: MediaPlaylist = {
  kind: 'media',
  version: 10,
  targetDurationS: 4,
  mediaSequence: 12,
  discontinuitySequence: 3,
  type: 'EVENT',
  independentSegments: true,
  serverControl: {
    canBlockReload: true,
    canSkipUntilS: 24,
    canSkipDateRanges: true,
    holdBackS: 12,
    partHoldBackS: 1.26,
  },
  partTargetS: 0.42,
  skip: { segments: 3, removedDateRanges: ['a', 'b'] },
  segments: [
    {
      durationS: 4.004,
      uri: '9.m4s',
      discontinuity: true,
      gap: true,
      programDateTimeMs: Date.UTC(2026, 0, 1, 0, 0, 0, 120),
      map: { uri: 'init.mp4', byteRange: { lengthBytes: 700, offsetBytes: 0 } },
      byteRange: { lengthBytes: 5, offsetBytes: null },
      parts: [
        { uri: '9.0.m4s', durationS: 0.4, independent: true, gap: false, byteRange: null },
        { uri: '9.m4s', durationS: 0.4, independent: false, gap: true, byteRange: { lengthBytes: 9, offsetBytes: 4 } },
      ],
    },
  ],
  openParts: [{ uri: '10.0.m4s', durationS: 0.4, independent: true, gap: false, byteRange: null }],
  preloadHints: [{ type: 'PART', uri: '10.1.m4s', startBytes: 5, lengthBytes: null }],
  renditionReports: [{ uri: '../audio.m3u8', lastMsn: 14, lastPart: 2 }],
  dateRanges: [
    {
      id: 'item-7',
      class: 'item',
      startMs: Date.UTC(2026, 0, 1),
      endMs: null,
      durationS: 12.5,
      client: { 'X-T': 'a, b' },
    },
  ],
  ended: true,
}

test('every tag is read back as it was written', () => {
  expect(parsePlaylist(writeMediaPlaylist(everything))).toEqual({ ok: true, value: everything })
})

test('an independent parser reads our live, replay and multivariant playlists', () => {
  const replay = mediaPlaylist(timeline, { rendition: 'source', kind: 'replay', windowS: null })
  const audio = mediaPlaylist(timeline, { rendition: 'audio', kind: 'live', windowS: null })
  const multivariant = multivariantPlaylist(timeline, 'replay')
  if (!replay || !audio || !multivariant) throw new Error('a playlist is missing')
  const read = HLS.parse(writeMediaPlaylist(replay))
  expect(read).toMatchObject({
    isMasterPlaylist: false,
    version: 7,
    targetDuration: 4,
    endlist: true,
    playlistType: 'VOD',
  })
  expect(
    'segments' in read && read.segments.map((segment) => [segment.duration, segment.discontinuity ?? false]),
  ).toEqual([
    [4, false],
    [4, true],
  ])
  const readAudio = HLS.parse(writeMediaPlaylist(audio))
  expect('segments' in readAudio && readAudio.segments.map((segment) => segment.gap ?? false)).toEqual([false, true])
  const master = HLS.parse(writeMultivariantPlaylist(multivariant))
  expect('variants' in master && master.variants.map((variant) => [variant.uri, variant.audio[0]?.uri])).toEqual([
    ['source.m3u8', 'audio.m3u8'],
  ])
})

test('our parser reads the multivariant playlist back', () => {
  const multivariant = multivariantPlaylist(timeline, 'replay')
  expect(multivariant && parsePlaylist(writeMultivariantPlaylist(multivariant))).toEqual({
    ok: true,
    value: multivariant,
  })
})

test('tags that nobody knows, comments, CRLF and a byte order mark are passed over', () => {
  const text =
    '\uFEFF#EXTM3U\r\n# hello\r\n#EXT-X-FROM-THE-FUTURE:A=1\r\n#EXT-X-TARGETDURATION:4\r\n#EXTINF:4,title\r\na.m4s\r\n'
  expect(parsePlaylist(text)).toMatchObject({ ok: true, value: { segments: [{ uri: 'a.m4s', durationS: 4 }] } })
})

test.each([
  ['', 'line 1: a playlist begins with #EXTM3U'],
  ['#EXTM3U\n#EXTINF:4,\na', 'line 3: a media playlist needs #EXT-X-TARGETDURATION'],
  ['#EXTM3U\n#EXT-X-TARGETDURATION:four', 'line 2: #EXT-X-TARGETDURATION needs a whole number'],
  ['#EXTM3U\n#EXT-X-TARGETDURATION:4\n\na.m4s', 'line 4: an address without #EXTINF before it'],
  ['#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:-1,', 'line 3: #EXTINF needs a duration in seconds'],
  ['#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-MAP:URI', 'line 3: #EXT-X-MAP needs URI'],
  ['#EXTM3U\n#EXT-X-STREAM-INF:CODECS="a"\na.m3u8', 'line 2: #EXT-X-STREAM-INF needs BANDWIDTH'],
  ['#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1', 'line 2: #EXT-X-STREAM-INF without an address after it'],
])('what cannot be read is refused with its line: %j', (text, message) => {
  expect(parsePlaylist(text)).toMatchObject({ ok: false, code: 'PLAYLIST_INVALID', message })
})

test('no mutation of a playlist makes the parser throw, and what it accepts can be written and read again', () => {
  const seeds = [writeMediaPlaylist(everything), '#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="n"\n']
  const alphabet = ['#', ':', ',', '"', '=', '\n', 'EXTINF', '99999999999999999999', '-1', '\u0000', 'é', '.', '@']
  const random = seeded(20260302).below
  let accepted = 0
  for (let round = 0; round < 3000; round++) {
    let text = seeds[round % seeds.length] ?? ''
    for (let change = 0; change < 1 + random(6); change++) {
      const at = random(text.length)
      text = text.slice(0, at) + (alphabet[random(alphabet.length)] ?? '') + text.slice(at + random(8))
    }
    const read = parsePlaylist(text)
    if (!read.ok) {
      expect(read.message).toMatch(/^line \d+: /)
      continue
    }
    accepted++
    const rewritten =
      read.value.kind === 'media' ? writeMediaPlaylist(read.value) : writeMultivariantPlaylist(read.value)
    expect(parsePlaylist(rewritten)).toMatchObject({ ok: true })
  }
  expect(accepted).toBeGreaterThan(100)
})
