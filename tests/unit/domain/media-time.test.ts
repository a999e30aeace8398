import { expect, test } from 'vitest'
import type { SpanId } from '#archive/core/ids.ts'
import { mediaTimeMap, type SpanFacts } from '#archive/domain/media-time.ts'

function span(name: string, wallMs: number, mediaStartMs: number, durationMs: number | null): SpanFacts {
  return { span: name as SpanId, wallMs, mediaStartMs, durationMs }
}

/** Captured 10:00.000–10:10.000 and, after a gap of five seconds, 10:15.000–10:35.000, in seconds of an arbitrary hour. */
const paused = [span('a', 600_000, 0, 10_000), span('b', 615_000, 10_000, 20_000)]

test.each([
  ['before the first frame', 590_000, 0],
  ['at the first frame', 600_000, 0],
  ['inside the first span', 604_000, 4_000],
  ['at the end of the first span', 610_000, 10_000],
  ['in the gap: the start of the next span', 613_000, 10_000],
  ['at the start of the second span', 615_000, 10_000],
  ['inside the second span', 620_500, 15_500],
  ['after the last frame: the end', 700_000, 30_000],
])('wall to media, %s', (_where, wallMs, mediaMs) => {
  expect(mediaTimeMap(paused).mediaAt(wallMs)).toBe(mediaMs)
})

test.each([
  ['the beginning', 0, 600_000],
  ['inside the first span', 4_000, 604_000],
  ['where two spans meet: the start of the later one', 10_000, 615_000],
  ['inside the second span', 15_500, 620_500],
  ['the end', 30_000, 635_000],
  ['beyond the end', 30_001, null],
])('media to wall, %s', (_where, mediaMs, wallMs) => {
  expect(mediaTimeMap(paused).wallAt(mediaMs)).toBe(wallMs)
})

test('an open span grows without bound and leaves the duration open', () => {
  const map = mediaTimeMap([span('a', 600_000, 0, 10_000), span('b', 615_000, 10_000, null)])
  expect([map.durationMs, map.mediaAt(715_000), map.wallAt(110_000)]).toEqual([null, 110_000, 715_000])
})

test('a span whose end a crash never wrote reaches as far as the next one says', () => {
  const map = mediaTimeMap([span('a', 600_000, 0, null), span('b', 700_000, 8_000, 2_000)])
  expect([map.durationMs, map.mediaAt(605_000), map.mediaAt(650_000)]).toEqual([10_000, 5_000, 8_000])
})

test('without spans nothing has a place', () => {
  const map = mediaTimeMap([])
  expect([map.durationMs, map.mediaAt(5), map.wallAt(0)]).toEqual([0, null, null])
})

test('the order in which spans are handed over does not matter', () => {
  expect(mediaTimeMap(paused.toReversed()).mediaAt(620_500)).toBe(15_500)
})
