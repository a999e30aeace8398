import { describe, expect, it } from 'vitest'
import type { VideoFrame } from '#archive/hls/feed.ts'
import { seeded } from '#tests/support/seeded.ts'
import { SourceObserver } from '../../../transcode/packager/source-observer.ts'
import { aac, avcConfig, frames, rate, video } from './span-lab.ts'

const settings = { maxBitrateBps: 8_000_000 }

function watch(
  feed: readonly VideoFrame[],
  { config = avcConfig(), sizeBytes = 10_000, idr = null as boolean | null } = {},
) {
  const observer = new SourceObserver()
  observer.videoConfig(config)
  for (const { kind, dtsMs, ptsMs, keyframe, arrivedAtMs } of feed) {
    observer.see({ kind, dtsMs, ptsMs, keyframe, idr: keyframe ? idr : null, sizeBytes, arrivedAtMs })
  }
  return observer
}

const reasonsOf = (observer: SourceObserver) => {
  const fit = observer.fit(settings)
  return fit.fits ? [] : fit.reasons.map((reason) => reason.code)
}

describe('the source observer', () => {
  it('settles after one whole GOP on a source that fits', () => {
    const observer = watch(frames(51))
    expect(observer.fit(settings)).toEqual({ fits: true, settled: true })
    expect(observer.facts()).toMatchObject({
      frameRate: rate(25),
      measuredFps: 25,
      constant: true,
      keyframes: { lastMs: 2000, longestMs: 2000, runningMs: 0 },
      bFrames: 0,
      bitrateBps: 2_000_000,
      audioSeen: false,
    })
    expect(watch(frames(50)).facts().settled).toBe(false)
  })

  it('remembers the longest keyframe interval beside the last', () => {
    const keys = new Set([0, 75, 100])
    const feed = frames(111).map((frame, index) => ({ ...frame, keyframe: keys.has(index) }))
    expect(watch(feed).facts().keyframes).toEqual({ lastMs: 1000, longestMs: 3000, runningMs: 400 })
  })

  it.each([rate(24_000, 1001), rate(24), rate(30_000, 1001), rate(30), rate(60_000, 1001), rate(60)])(
    'measures %o through jitter of 2 ms when the stream does not say',
    (expected) => {
      const random = seeded(expected.num)
      const feed = frames(700, { fps: expected.num / expected.den }).map((frame) =>
        video(frame.dtsMs + random.below(5) - 2, frame.keyframe),
      )
      const facts = watch(feed, { config: { ...avcConfig(), frameRate: null } }).facts()
      expect(facts).toMatchObject({ frameRate: expected, constant: true })
    },
  )

  it('sees sound, and forgets the old video with a new configuration', () => {
    const observer = watch(frames(200, { gop: 1000 }))
    observer.audioConfig(aac(48_000).config)
    observer.see({ kind: 'audio', dtsMs: 8000, ptsMs: 8000, keyframe: true, idr: null, sizeBytes: 300, arrivedAtMs: 0 })
    expect(observer.facts()).toMatchObject({ audioSeen: true, audio: { sampleRate: 48_000 } })
    observer.videoConfig(avcConfig())
    expect(observer.facts()).toMatchObject({ settled: false, keyframes: { longestMs: 0 } })
  })

  it('accepts a frame left out now and then, and a single hiccup', () => {
    const feed = frames(200)
      .filter((_, index) => index % 70 !== 33)
      .map((frame, index) => (index === 100 ? video(frame.dtsMs + 12) : frame))
    expect(reasonsOf(watch(feed))).toEqual([])
  })
})

describe('a source does not fit when', () => {
  const rows: [string, string, () => SourceObserver][] = [
    ['SOURCE_NOT_FIT_PIXELS', '10 bits', () => watch(frames(51), { config: { ...avcConfig(), bitDepth: 10 } })],
    ['SOURCE_NOT_FIT_PIXELS', '4:2:2', () => watch(frames(51), { config: { ...avcConfig(), chroma: '4:2:2' } })],
    [
      'SOURCE_NOT_FIT_INTERLACED',
      'fields',
      () => watch(frames(51), { config: { ...avcConfig(), progressive: false } }),
    ],
    ['SOURCE_NOT_FIT_KEYFRAMES', 'keyframes without IDR', () => watch(frames(51), { idr: false })],
    ['SOURCE_NOT_FIT_BITRATE', '8.1 Mbit/s', () => watch(frames(60), { sizeBytes: 40_500 })],
    ['SOURCE_KEYFRAMES_TOO_FAR', 'no keyframe for 4.44 s', () => watch(frames(112, { gop: 1000 }))],
    [
      'SOURCE_NOT_FIT_FRAME_RATE',
      'uneven frames',
      () => watch(frames(80).map((frame, index) => video(frame.dtsMs + (index % 3) * 9, frame.keyframe))),
    ],
    [
      'SOURCE_NOT_FIT_B_FRAMES',
      'three B-frames in a row',
      () => {
        const shown = [0, 160, 80, 40, 120]
        return watch(
          frames(51).map((f, i) => video(f.dtsMs, f.keyframe, 80 + f.dtsMs - (i % 5) * 40 + (shown[i % 5] ?? 0))),
        )
      },
    ],
  ]
  it.each(rows)('%s: %s', (code, _what, make) => {
    expect(reasonsOf(make())).toEqual([code])
  })

  it('it is not H.264', () => {
    const observer = new SourceObserver()
    observer.videoConfig(null)
    expect(reasonsOf(observer)).toEqual(['SOURCE_VIDEO_UNSUPPORTED'])
  })

  it('and says what was seen and which setting of the encoder helps', () => {
    const fit = watch(frames(131, { gop: 1000 })).fit(settings)
    expect(fit).toMatchObject({
      fits: false,
      settled: true,
      reasons: [
        {
          detail: 'Keyframes are 5.2 s apart, at most 4.4 s are allowed.',
          hint: expect.stringContaining('Keyframe Interval'),
        },
      ],
    })
  })
})
