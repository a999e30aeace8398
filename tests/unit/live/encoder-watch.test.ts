import { expect, test } from 'vitest'
import { EncoderWatch } from '../../../transcode/live/encoder-watch.ts'

/** Feeds in real time and lets the output follow at `lagAt`; answers the first verdict that is not fine, and when. */
function run(seconds: number, lagAt: (ms: number) => number | null, backlogMs = 0) {
  const watch = new EncoderWatch(['480p', '360p'])
  for (let ms = 0; ms <= seconds * 1000; ms += 40) {
    watch.fed(ms + backlogMs, ms)
    const lag = lagAt(ms)
    if (lag !== null) {
      watch.gave('480p', ms + backlogMs - lag, ms)
      watch.gave('360p', ms + backlogMs - lag, ms)
    }
    const verdict = watch.verdict(ms)
    if (verdict !== 'fine') return { verdict, ms }
  }
  return { verdict: 'fine' as const }
}

test('an encoder a little behind is fine', () => {
  expect(run(20, () => 1_400)).toEqual({ verdict: 'fine' })
})

test('three seconds without output while input flows are a stall', () => {
  expect(run(20, (ms) => (ms <= 2_000 ? 100 : null))).toEqual({ verdict: 'stalled', ms: 5_000 })
})

test('an encoder that never gives anything is stalled too', () => {
  expect(run(20, () => null)).toEqual({ verdict: 'stalled', ms: 3_000 })
})

test('without input nothing is expected', () => {
  const watch = new EncoderWatch(['480p'])
  expect(watch.verdict(100_000)).toBe('fine')
  watch.fed(0, 0)
  watch.gave('480p', 0, 10)
  watch.fed(40, 40)
  expect(watch.verdict(60_000)).toBe('fine')
})

test('falling behind for three seconds is overload', () => {
  expect(run(20, (ms) => ms / 2)).toEqual({ verdict: 'overloaded', ms: 6_040 })
})

test('a lag that stays is overload, a short one is not', () => {
  expect(run(20, () => 2_000)).toEqual({ verdict: 'overloaded', ms: 3_000 })
  expect(run(20, (ms) => (ms > 1_000 && ms < 3_500 ? 2_000 : 200))).toEqual({ verdict: 'fine' })
})

test('a backlog at the start that shrinks is none', () => {
  expect(run(30, (ms) => Math.max(100, 4_400 - ms / 5), 4_400)).toEqual({ verdict: 'fine' })
})

test('an encoder that was behind and then gives nothing is stalled, not overloaded', () => {
  expect(run(20, (ms) => (ms <= 500 ? 2_000 : null))).toEqual({ verdict: 'stalled', ms: 3_480 })
})

test('the slowest rendition counts', () => {
  const watch = new EncoderWatch(['480p', '360p'])
  let overloadedAt: number | null = null
  for (let ms = 0; ms < 10_000 && overloadedAt === null; ms += 40) {
    watch.fed(ms, ms)
    watch.gave('480p', ms, ms)
    watch.gave('360p', ms / 2, ms)
    if (watch.verdict(ms) === 'overloaded') overloadedAt = ms
  }
  expect(overloadedAt).toBe(6_040)
})
