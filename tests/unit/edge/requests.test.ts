import { expect, test } from 'vitest'
import { firstSpan, recordingId } from '#tests/support/journal.ts'
import { matchesEtag } from '../../../site/edge/answer.ts'
import { rangeOf } from '../../../site/edge/byte-range.ts'
import { mediaCaching } from '../../../site/edge/media-answer.ts'
import { routeOf } from '../../../site/edge/route.ts'

const file = { recording: recordingId, span: firstSpan, rendition: 'source' } as const

test.each([
  ['/health', { kind: 'health' }],
  ['/live/raad/index.m3u8', { kind: 'live-playlist', slug: 'raad', name: 'multivariant' }],
  ['/live/raad/480p.m3u8?_=1', { kind: 'live-playlist', slug: 'raad', name: '480p' }],
  ['/live/raad/events', { kind: 'events', slug: 'raad' }],
  [`/media/${recordingId}/index.m3u8`, { kind: 'replay-playlist', recording: recordingId, name: 'multivariant' }],
  [`/media/${recordingId}/audio.m3u8`, { kind: 'replay-playlist', recording: recordingId, name: 'audio' }],
  [`/media/${recordingId}/${firstSpan}/source/12.m4s`, { kind: 'media', file: { ...file, n: 12 } }],
  [`/media/${recordingId}/${firstSpan}/source/init.mp4`, { kind: 'media', file: { ...file, n: null } }],
  ['/', { kind: 'site' }],
  ['/meetings/raad', { kind: 'site' }],
  ['/live', { kind: 'site' }],
  ['/live/', { kind: 'nothing' }],
  ['/live/RAAD/index.m3u8', { kind: 'nothing' }],
  ['/live/raad/index.m3u8/', { kind: 'nothing' }],
  ['/live/raad/4k.m3u8', { kind: 'nothing' }],
  ['/media/short/index.m3u8', { kind: 'nothing' }],
  [`/media/${recordingId}/../${recordingId}/index.m3u8`, { kind: 'nothing' }],
  ['http://elsewhere/', { kind: 'nothing' }],
  ['*', { kind: 'nothing' }],
  ['', { kind: 'nothing' }],
])('the target %s has its route', (target, route) => {
  expect(routeOf(target)).toEqual(route)
})

test.each([
  [undefined, 'all'],
  ['bytes=0-', { first: 0, last: 99 }],
  ['bytes=10-19', { first: 10, last: 19 }],
  ['bytes=10-999', { first: 10, last: 99 }],
  ['bytes=-10', { first: 90, last: 99 }],
  ['bytes=-1000', { first: 0, last: 99 }],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=100-', 'unsatisfiable'],
  ['bytes=9-5', 'all'],
  ['bytes=-', 'all'],
  ['bytes=0-1,5-6', 'all'],
  ['lines=0-1', 'all'],
])('the range %s of a hundred bytes', (header, range) => {
  expect(rangeOf(header, 100)).toEqual(range)
})

test('entity tags are compared weakly, any of a list, or a star', () => {
  expect([matchesEtag('W/"a"', '"a"'), matchesEtag('"x", "a"', 'W/"a"'), matchesEtag('*', '"a"')]).toEqual([
    true,
    true,
    true,
  ])
  expect([matchesEtag(undefined, '"a"'), matchesEtag('"b"', '"a"')]).toEqual([false, false])
})

test('media is immutable to caches only from the settled time after publication on', () => {
  const at = (publishedAtMs: number | null) => mediaCaching({ publishedAtMs, nowMs: 100_000, cacheAfterS: 60 })
  expect([at(null), at(40_001), at(40_000)]).toEqual([
    'public, max-age=60',
    'public, max-age=60',
    'public, max-age=31536000, immutable',
  ])
})
