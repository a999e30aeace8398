import { describe, expect, it } from 'vitest'
import { frames, makeLab, outline, partsOf, samplesOf, segmentsOf, video } from './span-lab.ts'

describe('a span of the source alone', () => {
  it('begins with its clock and renditions and ends with its length', () => {
    const { packager, events } = makeLab()
    for (const frame of frames(100, { fromMs: 5000 })) expect(packager.push(frame)).toBeNull()
    packager.finish('meeting-ended')
    expect(events[0]).toEqual({
      type: 'span',
      span: 'span',
      wallMs: 1_005_000,
      master: 'source',
      renditions: [
        {
          kind: 'video',
          name: 'source',
          codecs: 'avc1.42c00c',
          width: 320,
          height: 180,
          frameRate: { num: 25, den: 1 },
          timescale: 25_000,
        },
      ],
    })
    expect(events[1]).toMatchObject({ type: 'init', rendition: 'source' })
    expect(events.at(-1)).toEqual({ type: 'span-end', span: 'span', durationMs: 4000, cause: 'meeting-ended' })
  })

  it('joins two GOPs of two seconds into a segment of ten parts', () => {
    const { packager, events } = makeLab()
    for (const frame of frames(250)) packager.push(frame)
    packager.finish('stopped')
    expect(outline(events, 'source')).toEqual([
      [100, 0, 100_000],
      [101, 100_000, 100_000],
      [102, 200_000, 50_000],
    ])
    const parts = partsOf(events, 'source').filter((part) => part.n === 100)
    expect(parts.map((part) => part.durationTicks)).toEqual(Array(10).fill(10_000))
    expect(parts.map((part) => part.independent)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((p) => p % 5 === 0))
  })

  it.each([
    ['one second', 25, [100_000, 100_000]],
    ['two and a half seconds', 62, [62_000, 62_000, 62_000, 14_000]],
    ['four seconds', 100, [100_000, 100_000]],
  ])('with keyframes every %s fills segments with whole GOPs up to 4.4 s', (_name, gop, durations) => {
    const { packager, events } = makeLab()
    for (const frame of frames(200, { gop })) packager.push(frame)
    packager.finish('stopped')
    expect(segmentsOf(events, 'source').map((segment) => segment.durationTicks)).toEqual(durations)
  })

  it('judges by the longest GOP seen, or known from before', () => {
    const keys = new Set([0, 12, 62, 74, 124])
    const feed = frames(150).map((frame, index) => ({ ...frame, keyframe: keys.has(index) }))
    const learning = makeLab()
    for (const frame of feed) learning.packager.push(frame)
    learning.packager.finish('stopped')
    expect(outline(learning.events, 'source')[0]).toEqual([100, 0, 62_000])
    const knowing = makeLab({ longestGopMs: 4000 })
    for (const frame of feed) knowing.packager.push(frame)
    knowing.packager.finish('stopped')
    expect(outline(knowing.events, 'source')[0]).toEqual([100, 0, 12_000])
  })

  it('refuses the frame with which a GOP outgrows 4.4 s, and closes the segment where it is', () => {
    const { packager, events } = makeLab()
    const answers = frames(111, { gop: 1000 }).map((frame) => packager.push(frame))
    expect(answers.slice(0, 110).every((answer) => answer === null)).toBe(true)
    expect(answers[110]).toBe('keyframes-too-far')
    packager.finish('keyframes-too-far')
    expect(outline(events, 'source')).toEqual([[100, 0, 110_000]])
    expect(samplesOf(events, 'source')).toHaveLength(110)
  })

  it('refuses a frame whose time goes back or jumps further than a part may last', () => {
    const { packager } = makeLab()
    expect(packager.push(video(1000, true))).toBeNull()
    expect(packager.push(video(999))).toBe('timestamp-jump')
    expect(packager.push(video(1421))).toBe('timestamp-jump')
    expect(packager.push(video(1420))).toBeNull()
  })

  it('lengthens the frame before one that is missing', () => {
    const { packager, events } = makeLab()
    for (const [index, frame] of frames(50).entries()) if (index !== 7) packager.push(frame)
    packager.finish('stopped')
    expect(samplesOf(events, 'source')[6]).toMatchObject({ dtsTicks: 6000, durationTicks: 2000 })
    expect(outline(events, 'source')).toEqual([[100, 0, 50_000]])
  })

  it('shifts the decode times of a source with B-frames and signs their offsets', () => {
    const { packager, events } = makeLab()
    const presented = [120, 280, 200, 160, 240, 320]
    presented.forEach((ptsMs, index) => {
      packager.push(video(index * 40, index === 0, ptsMs))
    })
    packager.finish('stopped')
    expect(events[0]).toMatchObject({ wallMs: 1_000_120 })
    const samples = samplesOf(events, 'source')
    expect(samples.map((sample) => sample.dtsTicks)).toEqual([0, 1000, 2000, 3000, 4000, 5000])
    expect(samples.map((sample) => sample.ptsTicks)).toEqual([0, 4000, 2000, 1000, 3000, 5000])
  })

  it('divides a GOP of two seconds at 24 frames evenly, so that the next keyframe begins a part', () => {
    const { packager, events } = makeLab({ frameRate: { num: 24, den: 1 } })
    for (const frame of frames(192, { fps: 24, gop: 48 })) packager.push(frame)
    packager.finish('stopped')
    const inFrames = partsOf(events, 'source').map((part) => part.durationTicks / 1000)
    expect(inFrames.slice(10)).toEqual([10, 10, 10, 9, 9, 10, 10, 10, 9, 9])
  })

  it('without a frame rate keeps every millisecond as it is', () => {
    const { packager, events } = makeLab({ frameRate: null })
    for (const ms of [0, 31, 70, 102, 141]) packager.push(video(ms, ms === 0))
    packager.finish('stopped')
    expect(samplesOf(events, 'source').map((sample) => sample.dtsTicks)).toEqual([0, 2790, 6300, 9180, 12_690])
    expect(events.at(-1)).toMatchObject({ durationMs: 180 })
  })

  it('emits nothing when no keyframe ever came', () => {
    const { packager, events } = makeLab()
    for (const frame of frames(50, { keyOffset: 1, gop: 1000 })) packager.push(frame)
    packager.finish('disconnected')
    expect(events).toEqual([])
  })

  it('flushes at the end of the feed and takes nothing after', () => {
    const { packager, events } = makeLab()
    for (const frame of frames(50)) packager.push(frame)
    packager.endFeed()
    expect(outline(events, 'source')).toEqual([[100, 0, 50_000]])
    expect(packager.push(video(2000, true))).toBeNull()
    packager.finish('stopped')
    packager.finish('stopped')
    expect(events.filter((event) => event.type === 'span-end')).toHaveLength(1)
    expect(outline(events, 'source')).toHaveLength(1)
  })
})
