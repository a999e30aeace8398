import { describe, expect, it } from 'vitest'
import {
  lowestRendition,
  PlaylistFollower,
  readMedia,
  readMultivariant,
} from '../../../transcode/monitor/published-playlist.ts'

const at = 'http://edge/live/raad/index.m3u8'

function lowest(lines: readonly string[]) {
  const read = readMultivariant(['#EXTM3U', ...lines].join('\n'))
  return read.ok ? lowestRendition(read.value, at) : read.message
}

const audio = '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="a",URI="audio.m3u8"'
const variant = (bandwidth: number, uri: string, more = ',RESOLUTION=640x360') => [
  `#EXT-X-STREAM-INF:BANDWIDTH=${bandwidth}${more}`,
  uri,
]

describe('the lowest rendition', () => {
  it('is the one with the least bandwidth, and its sound', () => {
    expect(
      lowest([audio, ...variant(9, 'source.m3u8,'), ...variant(2, '360p.m3u8', ',RESOLUTION=640x360,AUDIO="a"')]),
    ).toEqual({
      video: 'http://edge/live/raad/360p.m3u8',
      audio: 'http://edge/live/raad/audio.m3u8',
    })
  })

  it('has no sound where there is none', () => {
    expect(lowest(variant(2, '360p.m3u8'))).toEqual({ video: 'http://edge/live/raad/360p.m3u8', audio: null })
  })

  it('has no picture where there is none', () => {
    expect(lowest(variant(2, 'audio.m3u8', ''))).toEqual({ video: null, audio: 'http://edge/live/raad/audio.m3u8' })
  })

  it('is not looked for in a media playlist', () => {
    expect(lowest(['#EXT-X-TARGETDURATION:4'])).toBe('line 1: not a multivariant playlist')
  })
})

const date = '2026-11-23T18:30:00.000Z'
const startMs = Date.parse(date)
const listing = (first: number, count: number, head: readonly string[] = [`#EXT-X-PROGRAM-DATE-TIME:${date}`]) => [
  `#EXT-X-MEDIA-SEQUENCE:${first}`,
  '#EXT-X-MAP:URI="/media/init.mp4"',
  ...head,
  ...Array.from({ length: count }, (_, index) => ['#EXTINF:4.0,', `/media/${first + index}.m4s`]).flat(),
]

function take(follower: PlaylistFollower, lines: readonly string[]) {
  const read = readMedia(['#EXTM3U', '#EXT-X-TARGETDURATION:4', ...lines].join('\n'))
  if (!read.ok) throw new Error(read.message)
  return follower.take(read.value).map(({ number, uri, map, atMs, discontinuity }) => ({
    ...{ number, uri, discontinuity, map },
    second: atMs === null ? null : (atMs - startMs) / 1000,
  }))
}

const segment = (number: number, second: number | null) => ({
  ...{
    number,
    second,
    uri: `http://edge/media/${number}.m4s`,
    map: 'http://edge/media/init.mp4',
    discontinuity: false,
  },
})

describe('a media playlist that is followed', () => {
  it('begins at its newest segment, dated by those before it', () => {
    expect(take(new PlaylistFollower(at), listing(0, 5))).toEqual([segment(4, 16)])
  })

  it('gives each segment once', () => {
    const follower = new PlaylistFollower(at)
    take(follower, listing(0, 5))
    expect(take(follower, listing(0, 5))).toEqual([])
    expect(take(follower, listing(0, 7))).toEqual([segment(5, 20), segment(6, 24)])
  })

  it('goes on through delta updates, which repeat neither date nor init section', () => {
    const follower = new PlaylistFollower(at)
    take(follower, listing(0, 5))
    const delta = ['#EXT-X-MEDIA-SEQUENCE:0', '#EXT-X-SKIP:SKIPPED-SEGMENTS=3']
    const rest = [3, 4, 5].flatMap((number) => ['#EXTINF:4.0,', `/media/${number}.m4s`])
    expect(take(follower, [...delta, ...rest])).toEqual([segment(5, 20)])
  })

  it('tells of gaps and discontinuities', () => {
    const follower = new PlaylistFollower(at)
    take(follower, listing(0, 1))
    const more = ['#EXT-X-GAP', '#EXTINF:4.0,', '/media/1.m4s', '#EXT-X-DISCONTINUITY', '#EXTINF:4.0,', '/media/2.m4s']
    expect(take(follower, [...listing(0, 1), ...more])).toEqual([
      { ...segment(1, 4), uri: null },
      { ...segment(2, 8), discontinuity: true },
    ])
  })

  it('begins anew where numbers run backwards', () => {
    const follower = new PlaylistFollower(at)
    take(follower, listing(0, 9))
    expect(take(follower, listing(0, 3))).toEqual([segment(2, 8)])
  })

  it('has no date where nobody said one', () => {
    expect(take(new PlaylistFollower(at), listing(0, 2, []))).toEqual([segment(1, null)])
  })
})
