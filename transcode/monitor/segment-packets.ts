import type { AudioFrame, VideoFrame } from '#archive/hls/feed.ts'
import type { TrackInit } from '../mp4/init-reader.ts'
import { readTrack } from '../mp4/track-reader.ts'

/** Keyframes nearer to each other than this add nothing. */
const leastApartMs = 900

export interface SegmentPackets<Packet> {
  readonly init: TrackInit
  /** Media time of its first sample; null when it has none. */
  readonly startMs: number | null
  readonly packets: readonly Packet[]
}

/** The keyframes of a segment: each can be decoded alone. @throws AppError MP4_MALFORMED, MP4_BOX_TOO_LARGE */
export function keyframesOf(init: Uint8Array, segment: Uint8Array): SegmentPackets<VideoFrame> {
  const track = readTrack(init, segment)
  const toMs = 1000 / track.init.timescale
  const packets: VideoFrame[] = []
  for (const { keyframe, ptsTicks, data } of track.samples) {
    const ptsMs = ptsTicks * toMs
    const last = packets.at(-1)
    if (!keyframe || (last && ptsMs - last.ptsMs < leastApartMs)) continue
    packets.push({ kind: 'video', dtsMs: ptsMs, ptsMs, keyframe, data, arrivedAtMs: 0 })
  }
  return { init: track.init, startMs: startOf(track, toMs), packets }
}

/** @throws AppError MP4_MALFORMED, MP4_BOX_TOO_LARGE */
export function soundOf(init: Uint8Array, segment: Uint8Array): SegmentPackets<AudioFrame> {
  const track = readTrack(init, segment)
  const toMs = 1000 / track.init.timescale
  const packets = track.samples.map(({ ptsTicks, data }): AudioFrame => {
    return { kind: 'audio', ptsMs: ptsTicks * toMs, data, arrivedAtMs: 0 }
  })
  return { init: track.init, startMs: startOf(track, toMs), packets }
}

function startOf({ samples }: ReturnType<typeof readTrack>, toMs: number): number | null {
  return samples.length === 0 ? null : Math.min(...samples.map(({ ptsTicks }) => ptsTicks)) * toMs
}
