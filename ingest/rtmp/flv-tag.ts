import type { FeedPacket } from '#archive/hls/feed.ts'

/** Message types of RTMP 1.0, 7.1, which are also the tag types of FLV (Adobe FLV 10.1, E.4.1). */
export const audioMessage = 8
export const videoMessage = 9
export const dataMessage = 18

const h264 = 7
const aac = 10
const infoFrame = 5

export interface TagTime {
  /** Milliseconds, unrolled. */
  readonly dtsMs: number
  readonly arrivedAtMs: number
}

/**
 * The body of a video tag (FLV 10.1, E.4.3) as a packet that owns its bytes; null for what carries no picture, and for
 * what is too short to be one. Anything but H.264 in the classic header, Enhanced RTMP included, is a configuration of
 * codec `other`, so that whoever receives it can refuse it.
 */
export function videoPacket(body: Uint8Array, time: TagTime): FeedPacket | null {
  const first = body[0]
  if (first === undefined) return null
  const { dtsMs, arrivedAtMs } = time
  const enhanced = (first & 0x80) !== 0
  if (enhanced || (first & 0x0f) !== h264) {
    if (!enhanced && first >> 4 === infoFrame) return null
    return { kind: 'video-config', codec: 'other', data: nameOf(body, enhanced), arrivedAtMs }
  }
  if (body.length <= 5 || first >> 4 === infoFrame) return null
  const data = copyOf(body, 5)
  if (body[1] === 0) return { kind: 'video-config', codec: 'h264', data, arrivedAtMs }
  if (body[1] !== 1) return null
  const ptsMs = dtsMs + compositionTimeMs(body)
  return { kind: 'video', dtsMs, ptsMs, keyframe: first >> 4 === 1, data, arrivedAtMs }
}

/** The body of an audio tag (FLV 10.1, E.4.2), in the same manner: AAC, or a configuration of codec `other`. */
export function audioPacket(body: Uint8Array, time: TagTime): FeedPacket | null {
  const first = body[0]
  if (first === undefined) return null
  const { dtsMs, arrivedAtMs } = time
  const format = first >> 4
  if (format !== aac) {
    return { kind: 'audio-config', codec: 'other', data: nameOf(body, format === 9), arrivedAtMs }
  }
  if (body.length <= 2) return null
  const data = copyOf(body, 2)
  if (body[1] === 0) return { kind: 'audio-config', codec: 'aac', data, arrivedAtMs }
  return body[1] === 1 ? { kind: 'audio', ptsMs: dtsMs, data, arrivedAtMs } : null
}

/** CompositionTime is a signed 24-bit integer (FLV 10.1, E.4.3.1). */
function compositionTimeMs(body: Uint8Array): number {
  const unsigned = ((body[2] ?? 0) << 16) | ((body[3] ?? 0) << 8) | (body[4] ?? 0)
  return (unsigned << 8) >> 8
}

/** Enough of the tag to say which codec it is: the FourCC of Enhanced RTMP, or the first byte with its codec number. */
function nameOf(body: Uint8Array, enhanced: boolean): Uint8Array {
  return enhanced ? copyOf(body, 1, 5) : copyOf(body, 0, 1)
}

/** `slice` of a Buffer, unlike that of a Uint8Array, is a view. */
function copyOf(body: Uint8Array, start: number, end = body.length): Uint8Array {
  return new Uint8Array(body.subarray(start, end))
}
