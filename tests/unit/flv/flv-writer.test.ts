import { expect, test } from 'vitest'
import type { FeedPacket } from '#archive/hls/feed.ts'
import { flvHeader, flvMetadata, flvTag } from '../../../transcode/flv/flv-writer.ts'
import { packetsOfFlv } from '../../support/flv-packets.ts'

const data = Uint8Array.from([1, 2, 3])

test('the header names what follows and ends with an empty previous tag', () => {
  expect(flvHeader({ video: true, audio: false }).toString('hex')).toBe('464c5601010000000900000000')
  expect(flvHeader({ video: true, audio: true }).toString('hex')).toBe('464c5601050000000900000000')
})

test('a keyframe is written with its composition time and its size', () => {
  const tag = flvTag({ kind: 'video', dtsMs: 1_000, ptsMs: 1_080, keyframe: true, data, arrivedAtMs: 0 }, 0)
  expect(tag.toString('hex')).toBe('09' + '000008' + '0003e800' + '000000' + '1701000050' + '010203' + '00000013')
})

test('times beyond 24 bits go on in the extension byte', () => {
  const tag = flvTag({ kind: 'audio', ptsMs: 0x12345678, data, arrivedAtMs: 0 }, 0)
  expect(tag.subarray(4, 8).toString('hex')).toBe('34567812')
})

test('the base is taken off, and a time before it becomes 0', () => {
  expect(flvTag({ kind: 'audio', ptsMs: 5_000_000_000, data, arrivedAtMs: 0 }, 4_999_999_999).readUIntBE(4, 3)).toBe(1)
  expect(flvTag({ kind: 'audio', ptsMs: 10, data, arrivedAtMs: 0 }, 11).readUIntBE(4, 3)).toBe(0)
})

test('metadata is an array of named numbers', () => {
  expect(flvMetadata({ framerate: 25 }).toString('hex')).toBe(
    `1200002900000000000000${'02000a'}${Buffer.from('onMetaData').toString('hex')}${'0800000001'}${'0009'}${Buffer.from('framerate').toString('hex')}${'004039000000000000'}${'000009'}00000034`,
  )
})

test('what is written is read back as it was', () => {
  const packets: FeedPacket[] = [
    { kind: 'video-config', codec: 'h264', data, arrivedAtMs: 0 },
    { kind: 'audio-config', codec: 'aac', data, arrivedAtMs: 0 },
    { kind: 'video', dtsMs: 40, ptsMs: 120, keyframe: false, data, arrivedAtMs: 40 },
    { kind: 'audio', ptsMs: 43, data, arrivedAtMs: 43 },
    { kind: 'video', dtsMs: 80, ptsMs: 60, keyframe: true, data, arrivedAtMs: 80 },
  ]
  const bytes = Buffer.concat([flvHeader({ video: true, audio: true }), ...packets.map((packet) => flvTag(packet, 0))])
  expect(packetsOfFlv(bytes)).toEqual(packets)
})
