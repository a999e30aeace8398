import { expect, test } from 'vitest'
import { ArrivalDelay } from '../../../transcode/live/arrival-delay.ts'
import { Continuity } from '../../../transcode/live/continuity.ts'

const video = (dtsMs: number) =>
  ({ kind: 'video', dtsMs, ptsMs: dtsMs, keyframe: false, data: new Uint8Array(), arrivedAtMs: 0 }) as const
const audio = (ptsMs: number) => ({ kind: 'audio', ptsMs, data: new Uint8Array(), arrivedAtMs: 0 }) as const

test('a step that fits a part goes on, a larger or a backward one is a jump', () => {
  const continuity = new Continuity()
  expect([0, 40, 460, 460, 881, 921, 920].map((ms) => continuity.video(video(ms)))).toEqual([
    'goes on',
    'goes on',
    'goes on',
    'goes on',
    'jumped',
    'goes on',
    'jumped',
  ])
})

test('sound never goes backward and stays near the picture', () => {
  const continuity = new Continuity()
  continuity.video(video(10_000))
  expect([9_990, 10_011, 10_011, 10_000, 10_032, 13_100, 7_000].map((ms) => continuity.audio(audio(ms)))).toEqual([
    true,
    true,
    false,
    false,
    true,
    false,
    false,
  ])
})

test('after a jump of the picture the sound may start anew', () => {
  const continuity = new Continuity()
  continuity.video(video(10_000))
  continuity.audio(audio(10_000))
  continuity.video(video(500))
  expect(continuity.audio(audio(10_020))).toBe(false)
  expect(continuity.audio(audio(510))).toBe(true)
})

test('after a reset anything goes', () => {
  const continuity = new Continuity()
  continuity.video(video(10_000))
  continuity.reset()
  expect(continuity.video(video(0))).toBe('goes on')
})

test('the earliest arrival for its time tells when the clock stood at zero', () => {
  const delay = new ArrivalDelay()
  expect(delay.wallAtZeroMs).toBeNull()
  delay.seen(0, 1_000_300)
  delay.seen(40, 1_000_090)
  delay.seen(80, 1_000_200)
  expect(delay.wallAtZeroMs).toBe(1_000_050)
  delay.reset()
  expect(delay.wallAtZeroMs).toBeNull()
})
