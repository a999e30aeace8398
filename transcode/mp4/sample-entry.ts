import { box, fullBox, u8, u16, u32, zeros } from './box-writer.ts'
import type { AudioInit, VideoInit } from './init-section.ts'

const dataReferenceIndex = u16(0, 0, 0, 1)

/** AVCSampleEntry `avc1`: parameter sets are in the configuration (ISO/IEC 14496-15 5.4.2.1). */
export function videoSampleEntry({ width, height, sar, avcC }: VideoInit): Uint8Array {
  const square = !sar || sar.num === sar.den
  const resolution = u32(0x480000, 0x480000, 0)
  const framesDepth = u16(1)
  const noCompressorName = zeros(32)
  return box(
    'avc1',
    dataReferenceIndex,
    zeros(16),
    u16(width, height),
    resolution,
    framesDepth,
    noCompressorName,
    u16(0x18, 0xffff),
    box('avcC', avcC),
    square ? zeros(0) : box('pasp', u32(sar.num, sar.den)),
  )
}

/** MP4AudioSampleEntry (ISO/IEC 14496-14 5.6.1). A rate beyond 16 bits is left to the AudioSpecificConfig. */
export function audioSampleEntry({ channels, sampleRate, asc }: AudioInit): Uint8Array {
  const rate = sampleRate < 0x10000 ? sampleRate * 0x10000 : 0
  const esds = fullBox('esds', { version: 0, flags: 0 }, elementaryStream(asc))
  return box('mp4a', dataReferenceIndex, zeros(8), u16(channels, 16, 0, 0), u32(rate), esds)
}

const aacObjectType = 0x40
const audioStreamType = 0x15

/** ES_Descriptor, DecoderConfigDescriptor, DecoderSpecificInfo, SLConfigDescriptor (ISO/IEC 14496-1 7.2.6). */
function elementaryStream(asc: Uint8Array): Uint8Array {
  const unknownRates = zeros(11)
  const decoderConfig = descriptor(4, u8(aacObjectType, audioStreamType), unknownRates, descriptor(5, asc))
  const streamIdAndFlags = zeros(3)
  return descriptor(3, streamIdAndFlags, decoderConfig, descriptor(6, u8(2)))
}

/** Sizes are written in the four-byte form that every reader takes (8.3.3). */
function descriptor(tag: number, ...parts: Uint8Array[]): Uint8Array {
  const body = Buffer.concat(parts)
  const size = [21, 14, 7, 0].map((shift) => ((body.length >>> shift) & 0x7f) | (shift > 0 ? 0x80 : 0))
  return Buffer.concat([u8(tag, ...size), body])
}
