import { describe, expect, it } from 'vitest'
import {
  aac,
  asc48k,
  avcC,
  encoded,
  frames,
  interleaved,
  makeLab,
  outline,
  partsOf,
  rung360,
  samplesOf,
  sound,
  sounds,
  video,
} from './span-lab.ts'

describe('the sound of a span', () => {
  it('is cut at the first frame boundary at or after the cut of the video', () => {
    const { packager, events } = makeLab({ audio: aac(48_000) })
    for (const sample of interleaved(frames(250), sounds(10.1))) packager.push(sample)
    packager.finish('stopped')
    expect(outline(events, 'audio')).toEqual([
      [100, 0, 188 * 1024],
      [101, 188 * 1024, 187 * 1024],
      [102, 375 * 1024, 94 * 1024],
    ])
  })

  it('before the first keyframe is dropped, and keeps its offset from then on', () => {
    const { packager, events } = makeLab({ audio: aac(48_000) })
    for (const sample of interleaved(sounds(2, { fromMs: 5 }), frames(50, { fromMs: 40 }))) packager.push(sample)
    packager.finish('stopped')
    const first = samplesOf(events, 'audio')[0]
    expect(first?.ptsTicks).toBe(8 * 48)
    expect(first?.data[1]).toBe(48)
    expect(events[0]).toMatchObject({ renditions: [{ name: 'source' }, { name: 'audio', timescale: 48_000 }] })
  })

  it('is counted in samples through rounding and jitter, and jumps after a hole', () => {
    const { packager, events } = makeLab({ audio: aac(48_000) })
    const jittered = sounds(1).map((frame, index) => sound(frame.ptsMs + ([0, 9, 20, -9][index % 4] ?? 0)))
    const later = sounds(0.5, { fromMs: 1100 })
    for (const sample of interleaved(frames(50), jittered, later)) packager.push(sample)
    packager.finish('stopped')
    const times = samplesOf(events, 'audio').map((sample) => sample.dtsTicks)
    expect(times.slice(0, 46)).toEqual(Array.from({ length: 46 }, (_, index) => index * 1024))
    expect(times[46]).toBe(1100 * 48)
  })

  it('is not silenced by one stray timestamp', () => {
    const { packager, events } = makeLab({ audio: aac(48_000) })
    const stray = sounds(1).map((frame, index) => (index === 20 ? sound(frame.ptsMs + 2500) : frame))
    for (const frame of frames(50)) packager.push(frame)
    for (const frame of stray) packager.push(frame)
    packager.finish('stopped')
    const times = samplesOf(events, 'audio').map((sample) => sample.dtsTicks / 1024)
    expect(times).toEqual(Array.from({ length: 46 }, (_, index) => index))
  })

  it('leaves frames out while it is too far ahead of its timestamps', () => {
    const { packager, events } = makeLab({ audio: aac(48_000) })
    for (const sample of interleaved(frames(50), sounds(1))) packager.push(sample)
    for (const frame of sounds(0.5, { fromMs: 940 })) packager.push(frame)
    packager.finish('stopped')
    const samples = samplesOf(events, 'audio')
    expect(samples).toHaveLength(46 + 23 - 1 + 0)
    expect(samples.every((sample, index) => sample.dtsTicks === index * 1024)).toBe(true)
  })

  it('that stops leaves a shorter segment and then gaps, and stalls nothing', () => {
    const { packager, events } = makeLab({ audio: aac(48_000) })
    for (const sample of interleaved(frames(500), sounds(5))) packager.push(sample)
    expect(outline(events, 'audio')).toEqual([
      [100, 0, 188 * 1024],
      [101, 188 * 1024, 46 * 1024],
      [102, null, 4000],
      [103, null, 4000],
    ])
    packager.finish('stopped')
    expect(outline(events, 'audio').slice(4)).toEqual([[104, null, 4000]])
    expect(outline(events, 'source')).toHaveLength(5)
  })

  it('that comes back fills the segment it comes back in', () => {
    const { packager, events } = makeLab({ audio: aac(48_000) })
    for (const sample of interleaved(frames(500), sounds(2), sounds(6, { fromMs: 14_000 }))) packager.push(sample)
    packager.finish('stopped')
    expect(outline(events, 'audio').map(([n, start]) => [n, start === null])).toEqual([
      [100, false],
      [101, true],
      [102, true],
      [103, false],
      [104, false],
    ])
  })
})

describe('an encoded rendition', () => {
  const withRung = () => makeLab({ encoded: [rung360] })

  it('has the segments, numbers and times of the source', () => {
    const { packager, events, reports } = withRung()
    packager.encodedConfig('360p', avcC)
    for (const frame of frames(250)) packager.push(frame)
    for (const { ptsMs, keyframe } of frames(250))
      expect(packager.pushEncoded('360p', encoded(ptsMs, keyframe))).toBeNull()
    packager.finish('stopped')
    expect(outline(events, '360p')).toEqual(outline(events, 'source'))
    expect(partsOf(events, '360p').map((part) => part.durationTicks)).toEqual(
      partsOf(events, 'source').map((part) => part.durationTicks),
    )
    expect(reports).toEqual([])
  })

  it('lands on the grid of the source although the times of the feed jitter', () => {
    const { packager, events } = withRung()
    const feed = frames(200).map((frame, index) =>
      video(frame.dtsMs + ([0, 2, -2, 1][index % 4] ?? 0) + 10, frame.keyframe),
    )
    packager.encodedConfig('360p', avcC)
    for (const frame of feed) packager.push(frame)
    for (const { ptsMs, keyframe } of feed) packager.pushEncoded('360p', encoded(ptsMs, keyframe))
    packager.finish('stopped')
    expect(samplesOf(events, '360p').map((sample) => sample.dtsTicks)).toEqual(
      Array.from({ length: 200 }, (_, index) => index * 1000),
    )
  })

  it('that joins late has gaps first and begins at a cut', () => {
    const { packager, events } = withRung()
    for (const frame of frames(250)) packager.push(frame)
    packager.encodedConfig('360p', avcC)
    for (const { ptsMs, keyframe } of frames(200, { fromMs: 2000 }))
      packager.pushEncoded('360p', encoded(ptsMs, keyframe))
    packager.finish('stopped')
    expect(outline(events, '360p')).toEqual([
      [100, null, 4000],
      [101, 100_000, 100_000],
      [102, 200_000, 50_000],
    ])
  })

  it('that is shed closes short and goes on in gaps as the source is cut', () => {
    const { packager, events } = withRung()
    packager.encodedConfig('360p', avcC)
    for (const frame of frames(126)) packager.push(frame)
    for (const { ptsMs, keyframe } of frames(121)) packager.pushEncoded('360p', encoded(ptsMs, keyframe))
    packager.drop('360p')
    for (const frame of frames(330).slice(126)) packager.push(frame)
    expect(outline(events, '360p')).toEqual([
      [100, 0, 100_000],
      [101, 100_000, 21_000],
      [102, null, 4000],
    ])
    packager.encodedConfig('360p', avcC)
    for (const { ptsMs, keyframe } of frames(80, { fromMs: 12_000 }))
      packager.pushEncoded('360p', encoded(ptsMs, keyframe))
    packager.finish('stopped')
    expect(outline(events, '360p').at(-1)).toEqual([103, 300_000, 30_000])
  })

  it('that falls six seconds behind has a gap although nobody shed it', () => {
    const { packager, events } = withRung()
    packager.encodedConfig('360p', avcC)
    for (const frame of frames(251)) packager.push(frame)
    expect(outline(events, '360p')).toEqual([[100, null, 4000]])
  })

  it('that is not what was announced is reported and left out', () => {
    const { packager, events, reports } = makeLab({ encoded: [{ ...rung360, height: 360, width: 640 }] })
    for (const frame of frames(101)) packager.push(frame)
    packager.encodedConfig('360p', avcC)
    for (const { ptsMs, keyframe } of frames(100)) packager.pushEncoded('360p', encoded(ptsMs, keyframe))
    packager.finish('stopped')
    expect(reports).toEqual(['RENDITION_MISMATCH 360p: it is 320 by 180, announced as 640 by 360'])
    expect(outline(events, '360p').map(([, start]) => start)).toEqual([null, null])
    expect(events.filter((event) => event.type === 'init')).toHaveLength(1)
  })

  it('never restarts under the same name with other parameters', () => {
    const { packager, reports } = withRung()
    packager.push(video(0, true))
    packager.encodedConfig('360p', avcC)
    const other = Uint8Array.from(avcC)
    other[other.length - 1] = 0x21
    packager.encodedConfig('360p', other)
    expect(reports).toEqual(['RENDITION_MISMATCH 360p: its parameters changed within the span'])
  })
})

describe('a span whose source does not fit', () => {
  it('is cut by the highest encoded rendition, and the source is nowhere', () => {
    const lower = { ...rung360, name: '480p' as const }
    const { packager, events } = makeLab({ mode: 'encoded', encoded: [lower, rung360], audio: aac(48_000) })
    for (const sample of interleaved(frames(250, { gop: 1000 }), sounds(10.1))) packager.push(sample)
    packager.encodedConfig('360p', avcC)
    packager.encodedConfig('480p', avcC)
    for (const { ptsMs, keyframe } of frames(250)) {
      packager.pushEncoded('360p', encoded(ptsMs, keyframe))
      packager.pushEncoded('480p', encoded(ptsMs, keyframe))
    }
    packager.finish('stopped')
    expect(events[0]).toMatchObject({ type: 'span', master: '480p' })
    expect(outline(events, 'source')).toEqual([])
    expect(outline(events, '480p').map(([n]) => n)).toEqual([100, 101, 102])
    expect(outline(events, '360p')).toEqual(outline(events, '480p'))
    expect(samplesOf(events, 'audio')[0]?.dtsTicks).toBe(0)
    expect(samplesOf(events, 'audio')).toHaveLength(469)
  })
})

describe('the early sound', () => {
  it('is kept for a keyframe that is shown earlier than it was decoded', () => {
    const { packager, events } = makeLab({ audio: { ...aac(48_000), asc: asc48k } })
    packager.push(sound(90))
    packager.push(sound(100))
    packager.push(video(60, true, 95))
    packager.push(video(140, false, 175))
    packager.finish('stopped')
    expect(samplesOf(events, 'audio').map((sample) => sample.ptsTicks)).toEqual([240])
  })
})
