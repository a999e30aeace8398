import { describe, expect, it } from 'vitest'
import type { PackagedEvent, RenditionName } from '#archive/hls/packaging.ts'
import { type Seeded, seeded } from '#tests/support/seeded.ts'
import {
  aac,
  avcC,
  encoded,
  interleaved,
  makeLab,
  partsOf,
  rate,
  rung360,
  samplesOf,
  segmentsOf,
  sounds,
  video,
} from './span-lab.ts'

const rates = [
  rate(24_000, 1001),
  rate(24),
  rate(25),
  rate(30_000, 1001),
  rate(30),
  rate(50),
  rate(60_000, 1001),
  rate(60),
]
const gops = [1, 2, 2.5, 4, 'irregular'] as const
const cases = rates.flatMap((fps) =>
  gops.flatMap((gop) => [44_100, 48_000].map((sampleRate) => ({ fps, gop, sampleRate }))),
)
const seconds = 21

function feedOf({ fps, gop }: { fps: { num: number; den: number }; gop: (typeof gops)[number] }, random: Seeded) {
  const perSecond = fps.num / fps.den
  let nextKey = 0
  return Array.from({ length: Math.floor(seconds * perSecond) }, (_, index) => {
    const keyframe = index === nextKey
    const gopSeconds = gop === 'irregular' ? 0.5 + random.next() * 1.6 : gop
    if (keyframe) nextKey += Math.round(gopSeconds * perSecond)
    const jitterMs = index === 0 ? 0 : random.below(5) - 2
    return video(Math.round(7000 + index * (1000 / perSecond)) + jitterMs, keyframe)
  })
}

describe('whatever the frame rate, keyframe interval, sample rate and jitter', () => {
  it.each(cases)('the rules hold for $fps.num/$fps.den, GOP $gop, $sampleRate Hz', ({ fps, gop, sampleRate }) => {
    const random = seeded(fps.num + sampleRate + gops.indexOf(gop))
    const feed = feedOf({ fps, gop }, random)
    const longestGopMs = gop === 'irregular' ? 2110 : 0
    const lab = makeLab({ frameRate: fps, audio: aac(sampleRate), encoded: [rung360], longestGopMs })
    lab.packager.encodedConfig('360p', avcC)
    for (const sample of interleaved(feed, sounds(seconds, { sampleRate, fromMs: 7003 }))) {
      expect(lab.packager.push(sample)).toBeNull()
      if (sample.kind === 'video') lab.packager.pushEncoded('360p', encoded(sample.ptsMs, sample.keyframe))
    }
    lab.packager.finish('stopped')
    const span = lab.events[0]
    if (span?.type !== 'span') throw new Error('no span')
    for (const { name, timescale } of span.renditions) checkRendition(lab.events, name, timescale)
    expect(samplesOf(lab.events, 'source')).toHaveLength(feed.length)
    expect(samplesOf(lab.events, '360p')).toHaveLength(feed.length)
    const frameTicks = ((span.renditions[0]?.timescale ?? 0) / fps.num) * fps.den
    expect(samplesOf(lab.events, 'source').every((sample) => sample.durationTicks === frameTicks)).toBe(true)
    checkCuts(lab.events, sampleRate, span.renditions[0]?.timescale ?? 0)
  })
})

function checkRendition(events: readonly PackagedEvent[], name: RenditionName, timescale: number): void {
  const segments = segmentsOf(events, name)
  const parts = partsOf(events, name)
  expect(segments.length).toBeGreaterThan(4)
  segments.reduce((end, segment) => {
    const own = parts.filter((part) => part.n === segment.n)
    expect(segment.startTicks).toBe(end)
    expect(own.map((part) => part.p)).toEqual(own.map((_, index) => index))
    expect(own.reduce((sum, part) => sum + part.durationTicks, 0)).toBe(segment.durationTicks)
    const longest = name === 'audio' ? 4.43 : 4.4
    expect(segment.durationTicks / timescale).toBeLessThanOrEqual(longest)
    own.forEach((part, index) => {
      expect(part.durationTicks / timescale).toBeLessThanOrEqual(0.42)
      const exempt = index === own.length - 1 || part.independent
      if (!exempt || name === 'audio') {
        if (index < own.length - 1) expect(part.durationTicks / timescale).toBeGreaterThanOrEqual(0.357)
      }
    })
    if (name !== 'audio') expect(own[0]?.independent).toBe(true)
    return end + segment.durationTicks
  }, segments[0]?.startTicks ?? 0)
  const samples = samplesOf(events, name)
  samples.reduce((end, sample) => {
    expect(sample.dtsTicks).toBe(end)
    return end + sample.durationTicks
  }, segments[0]?.startTicks ?? 0)
}

function checkCuts(events: readonly PackagedEvent[], sampleRate: number, timescale: number): void {
  const [source, encodedRung, audio] = (['source', '360p', 'audio'] as const).map((name) => segmentsOf(events, name))
  expect(encodedRung).toEqual(source?.map((segment) => ({ ...segment, rendition: '360p' })))
  expect(audio?.map((segment) => segment.n)).toEqual(source?.map((segment) => segment.n))
  source?.forEach((segment, index) => {
    const behind = (audio?.[index]?.startTicks ?? 0) / sampleRate - segment.startTicks / timescale
    expect(behind).toBeGreaterThanOrEqual(0)
    expect(behind).toBeLessThan(1024 / sampleRate)
  })
}
