import type { FeedPacket } from '#archive/hls/feed.ts'

/** Tag types, Adobe Flash Video File Format Specification 10.1, E.4.1. */
const tagType = { audio: 8, video: 9, script: 18 } as const
const tagHeaderBytes = 11
/** AAC, 44 kHz, 16 bit, stereo: for AAC these bits are fixed (E.4.2.1). */
const aacHeader = 0xaf
const avcCodecId = 7
const frameType = { key: 0x10, inter: 0x20 } as const

/** The file header (E.2) with the size of the tag before the first, which is 0. */
export function flvHeader(has: { readonly video: boolean; readonly audio: boolean }): Buffer {
  const flags = (has.audio ? 4 : 0) | (has.video ? 1 : 0)
  return Buffer.from([0x46, 0x4c, 0x56, 1, flags, 0, 0, 0, 9, 0, 0, 0, 0])
}

/** An onMetaData tag (E.5) that tells the frame rate, which H.264 and short probes often leave open. */
export function flvMetadata(numbers: Readonly<Record<string, number>>): Buffer {
  const entries = Object.entries(numbers).flatMap(([name, value]) => [amfKey(name), amfNumber(value)])
  const count = Buffer.alloc(5)
  count[0] = 8
  count.writeUInt32BE(entries.length / 2, 1)
  const body = Buffer.concat([Buffer.from([2]), amfKey('onMetaData'), count, ...entries, Buffer.from([0, 0, 9])])
  return tagOf(tagType.script, 0, body)
}

/**
 * One packet as a tag. `baseMs` is taken off every time, so that times start small and never wrap.
 * Times before `baseMs` are written as 0; a configuration carries time 0.
 */
export function flvTag(packet: FeedPacket, baseMs: number): Buffer {
  switch (packet.kind) {
    case 'video-config':
      return tagOf(
        tagType.video,
        0,
        Buffer.concat([Buffer.from([frameType.key | avcCodecId, 0, 0, 0, 0]), packet.data]),
      )
    case 'audio-config':
      return tagOf(tagType.audio, 0, Buffer.concat([Buffer.from([aacHeader, 0]), packet.data]))
    case 'audio':
      return tagOf(tagType.audio, packet.ptsMs - baseMs, Buffer.concat([Buffer.from([aacHeader, 1]), packet.data]))
    case 'video': {
      const head = Buffer.alloc(5)
      head[0] = (packet.keyframe ? frameType.key : frameType.inter) | avcCodecId
      head[1] = 1
      head.writeIntBE(packet.ptsMs - packet.dtsMs, 2, 3)
      return tagOf(tagType.video, packet.dtsMs - baseMs, Buffer.concat([head, packet.data]))
    }
  }
}

function tagOf(type: number, timeMs: number, body: Buffer): Buffer {
  const tag = Buffer.alloc(tagHeaderBytes + body.length + 4)
  const time = Math.max(0, Math.round(timeMs)) >>> 0
  tag[0] = type
  tag.writeUIntBE(body.length, 1, 3)
  tag.writeUIntBE(time & 0xffffff, 4, 3)
  tag[7] = time >>> 24
  body.copy(tag, tagHeaderBytes)
  tag.writeUInt32BE(tagHeaderBytes + body.length, tagHeaderBytes + body.length)
  return tag
}

function amfKey(name: string): Buffer {
  const text = Buffer.from(name)
  const length = Buffer.alloc(2)
  length.writeUInt16BE(text.length)
  return Buffer.concat([length, text])
}

function amfNumber(value: number): Buffer {
  const number = Buffer.alloc(9)
  number.writeDoubleBE(value, 1)
  return number
}
