import { AppError } from '#archive/core/errors.ts'
import { findBox, readBoxes } from './box-reader.ts'
import { ByteCursor } from './byte-cursor.ts'

/** What an init section tells of its first track. */
export interface TrackInit {
  readonly kind: 'video' | 'audio'
  readonly trackId: number
  readonly timescale: number
  /** AVCDecoderConfigurationRecord or AudioSpecificConfig. */
  readonly config: Uint8Array
  /** Of the coded picture; 0 for audio. */
  readonly width: number
  readonly height: number
  /** 0 for video. */
  readonly channels: number
  /** Added to every presentation time, in ticks: what the edit list (ISO/IEC 14496-12 8.6.6) says. */
  readonly editOffset: number
  readonly defaults: SampleDefaults
}

export interface SampleDefaults {
  readonly duration: number
  readonly size: number
  readonly flags: number
}

const visualEntryFields = 78
const audioEntryFields = 28

/**
 * Reads the payload of a `moov`.
 * @throws AppError MP4_MALFORMED when it does not describe one H.264 or AAC track.
 */
export function readMoov(moov: Uint8Array): TrackInit {
  const track = findBox(moov, ['trak']) ?? missing('trak')
  const header = new ByteCursor(findBox(track, ['tkhd']) ?? missing('tkhd'))
  header.skip(header.fullHead().version === 1 ? 16 : 8)
  const trackId = header.u32()
  const timescale = readTimescale(findBox(track, ['mdia', 'mdhd']) ?? missing('mdhd'))
  const movieTimescale = readTimescale(findBox(moov, ['mvhd']) ?? missing('mvhd'))
  const descriptions = findBox(track, ['mdia', 'minf', 'stbl', 'stsd']) ?? missing('stsd')
  const editList = findBox(track, ['edts', 'elst'])
  return {
    trackId,
    timescale,
    ...readSampleEntry(descriptions.subarray(8)),
    editOffset: editList ? readEditOffset(editList, timescale / movieTimescale) : 0,
    defaults: readTrackDefaults(moov, trackId),
  }
}

function readTimescale(box: Uint8Array): number {
  const fields = new ByteCursor(box)
  fields.skip(fields.fullHead().version === 1 ? 16 : 8)
  return fields.u32() || missing('timescale')
}

function readSampleEntry(entries: Uint8Array): Pick<TrackInit, 'kind' | 'config' | 'width' | 'height' | 'channels'> {
  const entry = readBoxes(entries)[0] ?? missing('sample entry')
  const fields = new ByteCursor(entry.payload)
  if (entry.type === 'avc1' || entry.type === 'avc3') {
    fields.skip(24)
    const [width, height] = [fields.u16(), fields.u16()]
    const config = findBox(entry.payload.subarray(visualEntryFields), ['avcC']) ?? missing('avcC')
    return { kind: 'video', config: new Uint8Array(config), width, height, channels: 0 }
  }
  if (entry.type !== 'mp4a') throw new AppError('MP4_MALFORMED', { message: `Sample entry ${entry.type} is unknown.` })
  fields.skip(16)
  const channels = fields.u16()
  const esds = findBox(entry.payload.subarray(audioEntryFields), ['esds']) ?? missing('esds')
  return { kind: 'audio', config: readSpecificInfo(esds), width: 0, height: 0, channels }
}

/** The DecoderSpecificInfo inside ES_Descriptor and DecoderConfigDescriptor (ISO/IEC 14496-1 7.2.6). */
function readSpecificInfo(esds: Uint8Array): Uint8Array {
  const fields = new ByteCursor(esds)
  fields.skip(4)
  enterDescriptor(fields, 3)
  fields.skip(2)
  const flags = fields.u8()
  if (flags & 0x80) fields.skip(2)
  if (flags & 0x40) fields.skip(fields.u8())
  if (flags & 0x20) fields.skip(2)
  enterDescriptor(fields, 4)
  fields.skip(13)
  const size = enterDescriptor(fields, 5)
  const start = fields.position
  fields.skip(size)
  return new Uint8Array(esds.subarray(start, start + size))
}

function enterDescriptor(fields: ByteCursor, tag: number): number {
  if (fields.u8() !== tag) missing(`descriptor ${tag}`)
  let size = 0
  for (let i = 0; i < 4; i += 1) {
    const byte = fields.u8()
    size = size * 128 + (byte & 0x7f)
    if ((byte & 0x80) === 0) break
  }
  return size
}

/** Empty edits delay the track, the first media edit sets where it begins; later edits are not for live tracks. */
function readEditOffset(editList: Uint8Array, ticksPerMovieTick: number): number {
  const fields = new ByteCursor(editList)
  const wide = fields.fullHead().version === 1
  const count = fields.u32()
  let delay = 0
  for (let i = 0; i < count; i += 1) {
    const duration = wide ? fields.u64() : fields.u32()
    const mediaTime = wide ? fields.i64() : fields.i32()
    fields.skip(4)
    if (mediaTime >= 0) return Math.round(delay * ticksPerMovieTick) - mediaTime
    delay += duration
  }
  return Math.round(delay * ticksPerMovieTick)
}

function readTrackDefaults(moov: Uint8Array, trackId: number): SampleDefaults {
  const movieExtends = findBox(moov, ['mvex'])
  for (const box of movieExtends ? readBoxes(movieExtends) : []) {
    if (box.type !== 'trex') continue
    const fields = new ByteCursor(box.payload)
    fields.skip(4)
    const id = fields.u32()
    fields.skip(4)
    if (id === trackId) return { duration: fields.u32(), size: fields.u32(), flags: fields.u32() }
  }
  return { duration: 0, size: 0, flags: 0 }
}

function missing(what: string): never {
  throw new AppError('MP4_MALFORMED', { message: `The init section has no usable ${what}.` })
}
