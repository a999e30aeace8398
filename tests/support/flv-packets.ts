import type { FeedPacket } from '#archive/hls/feed.ts'

const avc = 7
const aac = 10

/**
 * Reads the bytes of an FLV file (as ffmpeg writes it) into packets that arrive when they are decoded:
 * `arrivedAtMs` is `arrivalZeroMs` plus the packet's time.
 */
export function packetsOfFlv(bytes: Buffer, arrivalZeroMs = 0): FeedPacket[] {
  const packets: FeedPacket[] = []
  let at = bytes.readUInt32BE(5) + 4
  while (at + 11 <= bytes.length) {
    const size = bytes.readUIntBE(at + 1, 3)
    const timeMs = bytes.readUIntBE(at + 4, 3) + (bytes[at + 7] ?? 0) * 2 ** 24
    const body = bytes.subarray(at + 11, at + 11 + size)
    const packet = packetOf(bytes[at] ?? 0, timeMs, body)
    if (packet) packets.push({ ...packet, arrivedAtMs: arrivalZeroMs + timeMs })
    at += 11 + size + 4
  }
  return packets
}

function packetOf(type: number, timeMs: number, body: Buffer): FeedPacket | null {
  if (type === 9) return videoOf(timeMs, body)
  if (type === 8) return audioOf(timeMs, body)
  return null
}

function videoOf(dtsMs: number, body: Buffer): FeedPacket | null {
  const head = body[0] ?? 0
  if ((head & 15) !== avc) {
    return { kind: 'video-config', codec: 'other', data: Uint8Array.from(body.subarray(1)), arrivedAtMs: 0 }
  }
  const data = Uint8Array.from(body.subarray(5))
  if (body[1] === 0) return { kind: 'video-config', codec: 'h264', data, arrivedAtMs: 0 }
  if (body[1] !== 1) return null
  return { kind: 'video', dtsMs, ptsMs: dtsMs + body.readIntBE(2, 3), keyframe: head >> 4 === 1, data, arrivedAtMs: 0 }
}

function audioOf(ptsMs: number, body: Buffer): FeedPacket | null {
  const codec = (body[0] ?? 0) >> 4 === aac ? 'aac' : 'other'
  if (codec === 'other') return { kind: 'audio-config', codec, data: new Uint8Array(), arrivedAtMs: 0 }
  const data = Uint8Array.from(body.subarray(2))
  if (body[1] === 0) return { kind: 'audio-config', codec, data, arrivedAtMs: 0 }
  return { kind: 'audio', ptsMs, data, arrivedAtMs: 0 }
}
