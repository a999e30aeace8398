import type { FeedSample } from '#archive/hls/feed.ts'

export interface FeedShape {
  readonly seconds: number
  readonly framesPerSecond: number
  readonly keyframeSeconds: number
  readonly bitrateBps: number
}

/** AAC frames of 1,024 samples at 48 kHz, 128 kbit/s. */
const soundMs = (1024 * 1000) / 48_000
const soundBytes = 341

/**
 * The packets of an encoder in the order of their times, without a clock: picture at a constant rate, its keyframes four
 * times as large as the rest, and sound. The bytes are noise and do not decode.
 */
export function* longFeed(shape: FeedShape): Generator<FeedSample> {
  const { seconds, framesPerSecond, keyframeSeconds, bitrateBps } = shape
  const gop = framesPerSecond * keyframeSeconds
  const frameBytes = Math.round((bitrateBps * keyframeSeconds) / 8 / (gop + 3))
  const sound = Buffer.alloc(soundBytes, 0x21)
  let soundIndex = 0
  for (let index = 0; index < seconds * framesPerSecond; index++) {
    const atMs = Math.round((index * 1000) / framesPerSecond)
    for (; soundIndex * soundMs < atMs; soundIndex++) {
      const ptsMs = Math.round(soundIndex * soundMs)
      yield { kind: 'audio', ptsMs, data: sound, arrivedAtMs: ptsMs }
    }
    const keyframe = index % gop === 0
    const data = accessUnit(keyframe ? frameBytes * 4 : frameBytes, keyframe)
    yield { kind: 'video', dtsMs: atMs, ptsMs: atMs, keyframe, data, arrivedAtMs: atMs }
  }
}

/** One NAL unit behind its length: IDR slice or not (ISO/IEC 14496-10 7.4.1). */
function accessUnit(sizeBytes: number, keyframe: boolean): Buffer {
  const unit = Buffer.alloc(sizeBytes, 0x5a)
  unit.writeUInt32BE(sizeBytes - 4, 0)
  unit.writeUInt8(keyframe ? 0x65 : 0x41, 4)
  return unit
}
