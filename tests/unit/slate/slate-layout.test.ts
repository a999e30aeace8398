import { describe, expect, it } from 'vitest'
import type { AudioSpec, RenditionSpec, VideoSpec } from '#archive/hls/packaging.ts'
import { layoutTicks, slateRhythm, slateSegmentLayout, slateSlots, slotMs } from '#archive/hls/slate-layout.ts'

const video = (num: number, den = 1): VideoSpec => ({
  kind: 'video',
  name: 'source',
  codecs: 'avc1.64001f',
  width: 1280,
  height: 720,
  frameRate: { num, den },
  timescale: num * 1000,
})
const audio = (sampleRate: number): AudioSpec => ({
  kind: 'audio',
  name: 'audio',
  codecs: 'mp4a.40.2',
  channels: 2,
  sampleRate,
  timescale: sampleRate,
})

describe('the rhythm of a slate', () => {
  it.each([
    [25, 1, 10, 400],
    [24, 1, 9, 375],
    [24_000, 1001, 9, 375.375],
    [30_000, 1001, 12, 400.4],
    [50, 1, 20, 400],
    [60, 1, 24, 400],
    [5, 1, 2, 400],
  ])('of %i/%i frames a second has %i frames in a slot of %f ms', (num, den, framesPerSlot, ms) => {
    const rhythm = slateRhythm([video(num, den)])
    expect(rhythm).toEqual({ frameRate: { num, den }, framesPerSlot })
    expect(slotMs(rhythm)).toBeCloseTo(ms, 9)
  })

  it('is that of the slowest rendition, which all others carry', () => {
    const renditions: RenditionSpec[] = [video(50), { ...video(25), name: '360p' }, audio(48_000)]
    expect(slateRhythm(renditions).frameRate).toEqual({ num: 25, den: 1 })
  })

  it('is 25 frames a second where the source keeps to no rate, or to one that fits no slot', () => {
    const steady = { frameRate: { num: 25, den: 1 }, framesPerSlot: 10 }
    expect(slateRhythm([{ ...video(25), frameRate: null }])).toEqual(steady)
    expect(slateRhythm([video(12)])).toEqual(steady)
    expect(slateRhythm([audio(48_000)])).toEqual(steady)
  })
})

describe.each([
  [24_000, 1001],
  [24, 1],
  [25, 1],
  [30_000, 1001],
  [60, 1],
])('a segment of a slate at %i/%i frames a second', (num, den) => {
  const rhythm = slateRhythm([video(num, den)])
  const lastsS = (slotMs(rhythm) * slateSlots) / 1000

  it('rounds to the target duration and begins where the one before ended, in every rendition', () => {
    for (const spec of [video(num, den), audio(48_000), audio(44_100), audio(24_000), audio(16_000)]) {
      let end = 0
      for (let index = 0; index < 20; index += 1) {
        const layout = slateSegmentLayout(spec, rhythm, { index })
        expect(layout.startTicks).toBe(end)
        end += layoutTicks(layout)
      }
      // An access unit of sound is at most 64 ms: that is how far the end may lie behind the picture's.
      const behindS = end / spec.timescale - 20 * lastsS
      expect(behindS).toBeGreaterThanOrEqual(-1e-9)
      expect(behindS).toBeLessThan(0.0641)
    }
    expect(Math.round(lastsS)).toBe(4)
  })

  it('has parts within the part target, and none but the last is short', () => {
    for (const spec of [video(num, den), audio(48_000), audio(44_100), audio(32_000), audio(24_000), audio(16_000)]) {
      for (let index = 0; index < 20; index += 1) {
        const { partTicks } = slateSegmentLayout(spec, rhythm, { index })
        const seconds = partTicks.map((ticks) => ticks / spec.timescale)
        expect(Math.max(...seconds)).toBeLessThanOrEqual(0.42)
        expect(Math.min(...seconds.slice(0, -1))).toBeGreaterThanOrEqual(0.357)
      }
    }
  })

  it('that is cut short has the parts that it began with', () => {
    for (const spec of [video(num, den), audio(48_000), audio(44_100), audio(32_000), audio(24_000)]) {
      const whole = slateSegmentLayout(spec, rhythm, { index: 7 })
      const short = slateSegmentLayout(spec, rhythm, { index: 7, slots: 3 })
      expect(short).toEqual({ startTicks: whole.startTicks, partTicks: whole.partTicks.slice(0, 3) })
    }
  })
})

it('sound does not drift from the picture in a month of slate', () => {
  const rhythm = slateRhythm([video(30_000, 1001)])
  const index = Math.round((30 * 86_400) / 4)
  const picture = slateSegmentLayout(video(30_000, 1001), rhythm, { index })
  const sound = slateSegmentLayout(audio(44_100), rhythm, { index })
  const apartS = sound.startTicks / 44_100 - picture.startTicks / 30_000_000
  expect(Number.isSafeInteger(picture.startTicks)).toBe(true)
  expect(apartS).toBeGreaterThanOrEqual(-1e-6)
  expect(apartS).toBeLessThan(1024 / 44_100)
})
