import { describe, expect, it } from 'vitest'
import type { FeedSample } from '#archive/hls/feed.ts'
import { FeedAnchor } from '../../../ingest/gate/feed-anchor.ts'
import { TimestampUnroller } from '../../../ingest/rtmp/timestamp-unroller.ts'

const sound = (ptsMs: number, arrivedAtMs: number): FeedSample => ({
  kind: 'audio',
  ptsMs,
  arrivedAtMs,
  data: new Uint8Array(),
})

describe('the feed anchor', () => {
  it('knows nothing before the first sample', () => {
    const anchor = new FeedAnchor()
    expect([anchor.captureMs(0), anchor.metAtMs, anchor.certain()]).toEqual([null, null, false])
  })

  it('takes the smallest delay ever seen for the offset of the clocks', () => {
    const anchor = new FeedAnchor()
    for (const [pts, arrival] of [
      [0, 5_300],
      [100, 5_200],
      [200, 5_900],
      [300, 6_500],
    ] as const)
      anchor.observe(sound(pts, arrival))
    expect(anchor.captureMs(1_000)).toBe(6_100)
  })

  it('is certain after a second of steady samples', () => {
    const anchor = new FeedAnchor()
    const certainAt: number[] = []
    for (let ms = 0; ms <= 1_040; ms += 20) {
      anchor.observe(sound(ms, 70_000 + ms))
      if (anchor.certain()) certainAt.push(ms)
    }
    expect(certainAt[0]).toBe(1_000)
  })

  it('loses its certainty while the offset falls by more than half a second in ten, and finds it again', () => {
    const anchor = new FeedAnchor()
    const certainAt = (fromMs: number, untilMs: number, delay: (ms: number) => number) => {
      for (let ms = fromMs; ms < untilMs; ms += 20) anchor.observe(sound(ms, 70_000 + ms + delay(ms)))
      return anchor.certain()
    }
    expect(certainAt(0, 5_000, () => 2_000)).toBe(true)
    expect(certainAt(5_000, 6_000, () => 1_300)).toBe(false)
    expect(certainAt(6_000, 14_000, () => 1_300)).toBe(false)
    expect(certainAt(14_000, 16_000, () => 1_300)).toBe(true)
  })

  it('is not disturbed by delays that grow', () => {
    const anchor = new FeedAnchor()
    for (let ms = 0; ms < 20_000; ms += 20) anchor.observe(sound(ms, 70_000 + ms + (ms > 5_000 ? 8_000 : 0)))
    expect([anchor.certain(), anchor.captureMs(20_000)]).toEqual([true, 90_000])
  })

  it('begins anew when the clock of the encoder steps back', () => {
    const anchor = new FeedAnchor()
    for (let ms = 0; ms < 5_000; ms += 20) anchor.observe(sound(ms, 70_000 + ms))
    anchor.observe(sound(0, 75_000))
    expect([anchor.certain(), anchor.captureMs(0), anchor.metAtMs]).toEqual([false, 75_000, 70_000])
  })

  it('leaves a composition time out of account that no encoder can mean', () => {
    const anchor = new FeedAnchor()
    anchor.observe(sound(0, 70_000))
    anchor.observe({ ...sound(0, 70_000), kind: 'video', dtsMs: 0, ptsMs: 8_000_000, keyframe: true })
    expect(anchor.captureMs(0)).toBe(70_000)
  })
})

describe('unrolled timestamps', () => {
  it.each([
    [
      'go on over the end of 32 bits',
      [2 ** 32 - 40, 2 ** 32 - 20, 0, 20],
      [2 ** 32 - 40, 2 ** 32 - 20, 2 ** 32, 2 ** 32 + 20],
    ],
    ['keep small steps back', [1_000, 960, 1_040], [1_000, 960, 1_040]],
    ['keep a step back over the seam', [5, 2 ** 32 - 15, 25], [5, -15, 25]],
    ['turn twice', [0, 2 ** 31 - 1, 2 ** 32 - 2, 2 ** 31 - 3], [0, 2 ** 31 - 1, 2 ** 32 - 2, 2 ** 32 + 2 ** 31 - 3]],
  ])('%s', (_name, given, expected) => {
    const unroller = new TimestampUnroller()
    expect(given.map((timestamp) => unroller.unroll(timestamp))).toEqual(expected)
  })
})
