import { box, fullBox, text, u16, u32, zeros } from './box-writer.ts'
import { audioSampleEntry, videoSampleEntry } from './sample-entry.ts'

/** What an init section (CMAF header, ISO/IEC 23000-19 7.3.1) is made of. Every rendition is one file with track 1. */
export type InitSpec = VideoInit | AudioInit

export interface VideoInit {
  readonly kind: 'video'
  /** Ticks per second. */
  readonly timescale: number
  readonly width: number
  readonly height: number
  /** Shape of a pixel; square when absent. */
  readonly sar?: { readonly num: number; readonly den: number }
  /** AVCDecoderConfigurationRecord. */
  readonly avcC: Uint8Array
}

export interface AudioInit {
  readonly kind: 'audio'
  readonly timescale: number
  readonly channels: number
  readonly sampleRate: number
  /** AudioSpecificConfig. */
  readonly asc: Uint8Array
}

export const trackId = 1
const plain = { version: 0, flags: 0 }
const movieTimescale = 1000
const unityMatrix = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)

export function writeInit(spec: InitSpec): Uint8Array {
  return Buffer.concat([
    box('ftyp', text('iso6'), u32(0), text('iso6'), text('cmfc')),
    box('moov', movieHeader(), track(spec), box('mvex', fullBox('trex', plain, u32(trackId, 1, 0, 0, 0)))),
  ])
}

/** Durations stay 0: the fragments carry them (ISO/IEC 14496-12 8.2.2). */
function movieHeader(): Uint8Array {
  const rateVolumeReserved = Buffer.concat([u32(0x10000), u16(0x100), zeros(10)])
  return fullBox('mvhd', plain, u32(0, 0, movieTimescale, 0), rateVolumeReserved, unityMatrix, zeros(24), u32(2))
}

function track(spec: InitSpec): Uint8Array {
  return box('trak', trackHeader(spec), box('mdia', mediaHeader(spec), handler(spec), mediaInformation(spec)))
}

const trackEnabledInMovie = 3

function trackHeader(spec: InitSpec): Uint8Array {
  const volume = spec.kind === 'audio' ? 0x100 : 0
  return fullBox(
    'tkhd',
    { version: 0, flags: trackEnabledInMovie },
    u32(0, 0, trackId, 0, 0),
    zeros(8),
    u16(0, 0, volume, 0),
    unityMatrix,
    spec.kind === 'video' ? displaySize(spec) : zeros(8),
  )
}

/** 16.16 fixed point, pixels made square by widening (8.3.2). */
function displaySize({ width, height, sar }: VideoInit): Uint8Array {
  const shownWidth = sar ? (width * sar.num) / sar.den : width
  return u32(Math.min(0xffffffff, Math.round(shownWidth * 0x10000)), height * 0x10000)
}

const undeterminedLanguage = 0x55c4

function mediaHeader({ timescale }: InitSpec): Uint8Array {
  return fullBox('mdhd', plain, u32(0, 0, timescale, 0), u16(undeterminedLanguage, 0))
}

function handler({ kind }: InitSpec): Uint8Array {
  return fullBox('hdlr', plain, u32(0), text(kind === 'video' ? 'vide' : 'soun'), zeros(12), text(`${kind}\0`))
}

function mediaInformation(spec: InitSpec): Uint8Array {
  const header =
    spec.kind === 'video' ? fullBox('vmhd', { version: 0, flags: 1 }, zeros(8)) : fullBox('smhd', plain, zeros(4))
  const selfContained = fullBox('url ', { version: 0, flags: 1 })
  const entry = spec.kind === 'video' ? videoSampleEntry(spec) : audioSampleEntry(spec)
  return box(
    'minf',
    header,
    box('dinf', fullBox('dref', plain, u32(1), selfContained)),
    box(
      'stbl',
      fullBox('stsd', plain, u32(1), entry),
      fullBox('stts', plain, u32(0)),
      fullBox('stsc', plain, u32(0)),
      fullBox('stsz', plain, u32(0, 0)),
      fullBox('stco', plain, u32(0)),
    ),
  )
}
