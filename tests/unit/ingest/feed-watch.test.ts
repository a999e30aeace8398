import { describe, expect, it } from 'vitest'
import type { FeedPacket } from '#archive/hls/feed.ts'
import { FeedWatch } from '../../../ingest/feed/feed-watch.ts'

const session = (framesPerSecond: number | null = null) => ({
  encoder: () => ({ name: 'OBS', width: 1920, height: 1080, framesPerSecond }),
  stats: () => ({ sinceMs: 7, bitrateBps: 4_000_000 }),
})

const frame = (dtsMs: number, keyframe = false): FeedPacket => ({
  kind: 'video',
  dtsMs,
  ptsMs: dtsMs,
  keyframe,
  data: new Uint8Array(),
  arrivedAtMs: 0,
})

const config = (kind: 'video-config' | 'audio-config', codec: 'h264' | 'aac' | 'other', hex: string): FeedPacket =>
  ({ kind, codec, data: new Uint8Array(Buffer.from(hex, 'hex')), arrivedAtMs: 0 }) as FeedPacket

function watch(packets: readonly FeedPacket[], framesPerSecond: number | null = null) {
  const watched = new FeedWatch(session(framesPerSecond))
  for (const packet of packets) watched.observe(packet)
  return watched.facts()
}

describe('the facts of a feed', () => {
  it('are unknown until something tells them', () => {
    expect(watch([])).toEqual({
      sinceMs: 7,
      videoCodec: null,
      audioCodec: null,
      audioChannels: null,
      width: 1920,
      height: 1080,
      framesPerSecond: null,
      keyframeIntervalMs: null,
      bitrateBps: 4_000_000,
      encoder: 'OBS',
    })
  })

  it.each([
    ['video-config', 'h264', '0164001fff', { videoCodec: 'avc1.64001f' }],
    ['video-config', 'h264', '0164', { videoCodec: null }],
    ['video-config', 'other', '68766331', { videoCodec: 'hvc1' }],
    ['video-config', 'other', '22', { videoCodec: 'flv-22' }],
    ['audio-config', 'aac', '1190', { audioCodec: 'mp4a.40.2', audioChannels: 2 }],
    ['audio-config', 'aac', '11b0', { audioCodec: 'mp4a.40.2', audioChannels: 6 }],
    ['audio-config', 'aac', '2b92', { audioCodec: 'mp4a.40.5', audioChannels: 2 }],
    ['audio-config', 'other', '4f707573', { audioCodec: 'Opus', audioChannels: null }],
  ] as const)('name the codec of %s %s %s', (kind, codec, hex, expected) => {
    expect(watch([config(kind, codec, hex)])).toMatchObject(expected)
  })

  it('count the frame rate once there is a second of frames, and believe the metadata before', () => {
    const frames = Array.from({ length: 60 }, (_, n) => frame(Math.round((n * 1001) / 30)))
    expect(watch(frames.slice(0, 20), 30).framesPerSecond).toBe(30)
    expect(watch(frames, 30).framesPerSecond).toBeCloseTo(29.97, 1)
  })

  it('tell the time between the last two keyframes', () => {
    const frames = Array.from({ length: 501 }, (_, n) => frame(n * 40, n % 250 === 0))
    expect(watch(frames).keyframeIntervalMs).toBe(10_000)
    expect(watch(frames).framesPerSecond).toBe(25)
  })

  it('begin another count when the clock of the encoder steps back', () => {
    const frames = [
      ...Array.from({ length: 30 }, (_, n) => frame(90_000 + n * 40)),
      ...[0, 20, 40].map((ms) => frame(ms)),
    ]
    expect(watch(frames).framesPerSecond).toBeNull()
  })
})
