import { expect, test } from 'vitest'
import { mediaProbeOf } from '../../../transcode/ffmpeg/probe.ts'

test('what ffprobe does not know stays unknown', () => {
  const data = {
    streams: [
      { index: 0, codec_type: 'video', codec_name: 'h264', width: 0, avg_frame_rate: '0/0', field_order: 'unknown' },
      { index: 1, codec_type: 'audio', codec_name: 'aac', sample_rate: 48_000, channels: 2, bit_rate: 'N/A' },
    ],
    format: { format_name: 'flv', duration: undefined },
    chapters: [],
  } as unknown as Parameters<typeof mediaProbeOf>[0]
  expect(mediaProbeOf(data)).toEqual({
    format: 'flv',
    durationMs: null,
    video: {
      codec: 'h264',
      profile: null,
      width: null,
      height: null,
      pixelFormat: null,
      frameRate: null,
      sampleAspect: null,
      interlaced: null,
      bitrateBps: null,
      startMs: null,
    },
    audio: { codec: 'aac', profile: null, channels: 2, sampleRate: 48_000, bitrateBps: null, startMs: null },
  })
})

test('a file of sound alone has no video', () => {
  const data = { streams: [], format: { duration: 1.5 }, chapters: [] } as unknown as Parameters<typeof mediaProbeOf>[0]
  expect(mediaProbeOf(data)).toEqual({ format: null, durationMs: 1500, video: null, audio: null })
})
