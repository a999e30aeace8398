import { AppError } from '#archive/core/errors.ts'
import { findBox, readBoxes } from './box-reader.ts'
import { ByteCursor } from './byte-cursor.ts'
import type { SampleDefaults, TrackInit } from './init-reader.ts'

/** A sample of a fragment before its data is at hand. Times in ticks, without the edit list's offset. */
export interface SampleEntry {
  readonly dts: number
  readonly duration: number
  readonly compositionOffset: number
  readonly keyframe: boolean
  readonly size: number
  /** From the first byte of the `moof`. */
  readonly offset: number
}

/** Far above one part or one ffmpeg fragment; keeps a hostile count from filling the memory. */
const mostSamples = 20_000
const nonSyncFlag = 0x10000

/**
 * The samples that a `moof` (its payload) describes for the track of `init`. `stream` is where the box began in the
 * whole stream; `nextDts` stands in for a missing `tfdt`.
 * @throws AppError MP4_MALFORMED
 */
export function readMoof(
  payload: Uint8Array,
  init: TrackInit,
  place: { readonly streamOffset: number; readonly nextDts: number },
): SampleEntry[] {
  const samples: SampleEntry[] = []
  for (const box of readBoxes(payload)) {
    if (box.type === 'traf') readTraf(box.payload, { init, place, samples })
  }
  return samples
}

interface Reading {
  readonly init: TrackInit
  readonly place: { readonly streamOffset: number; readonly nextDts: number }
  readonly samples: SampleEntry[]
}

function readTraf(traf: Uint8Array, reading: Reading): void {
  const header = readTfhd(traf, reading)
  if (header.trackId !== reading.init.trackId) return
  const decodeTime = findBox(traf, ['tfdt'])
  const cursor = { dts: decodeTime ? readTfdt(decodeTime) : reading.place.nextDts, offset: header.base }
  for (const box of readBoxes(traf)) {
    if (box.type === 'trun') readTrun(box.payload, { header, cursor, samples: reading.samples })
  }
}

interface FragmentHeader {
  readonly trackId: number
  /** Where data offsets count from, itself counted from the first byte of the `moof`. */
  readonly base: number
  readonly defaults: SampleDefaults
}

/** ISO/IEC 14496-12 8.8.7. */
function readTfhd(traf: Uint8Array, { init, place }: Reading): FragmentHeader {
  const box = findBox(traf, ['tfhd'])
  if (!box) throw new AppError('MP4_MALFORMED', { message: 'A track fragment has no header.' })
  const fields = new ByteCursor(box)
  const { flags } = fields.fullHead()
  const trackId = fields.u32()
  const base = flags & 0x1 ? fields.u64() - place.streamOffset : 0
  if (flags & 0x2) fields.skip(4)
  const duration = flags & 0x8 ? fields.u32() : init.defaults.duration
  const size = flags & 0x10 ? fields.u32() : init.defaults.size
  return { trackId, base, defaults: { duration, size, flags: flags & 0x20 ? fields.u32() : init.defaults.flags } }
}

function readTfdt(box: Uint8Array): number {
  const fields = new ByteCursor(box)
  return fields.fullHead().version === 1 ? fields.u64() : fields.u32()
}

interface RunReading {
  readonly header: FragmentHeader
  readonly cursor: { dts: number; offset: number }
  readonly samples: SampleEntry[]
}

/** ISO/IEC 14496-12 8.8.8. */
function readTrun(box: Uint8Array, { header, cursor, samples }: RunReading): void {
  const fields = new ByteCursor(box)
  const { version, flags } = fields.fullHead()
  const count = fields.u32()
  if (samples.length + count > mostSamples) {
    throw new AppError('MP4_MALFORMED', { message: `A fragment claims ${count} samples.` })
  }
  if (flags & 0x1) cursor.offset = header.base + fields.i32()
  const firstFlags = flags & 0x4 ? fields.u32() : null
  for (let index = 0; index < count; index += 1) {
    const duration = flags & 0x100 ? fields.u32() : header.defaults.duration
    const size = flags & 0x200 ? fields.u32() : header.defaults.size
    const own = flags & 0x400 ? fields.u32() : header.defaults.flags
    const compositionOffset = flags & 0x800 ? (version === 0 ? fields.u32() : fields.i32()) : 0
    const sampleFlags = index === 0 && firstFlags !== null ? firstFlags : own
    const keyframe = (sampleFlags & nonSyncFlag) === 0
    samples.push({ dts: cursor.dts, duration, compositionOffset, keyframe, size, offset: cursor.offset })
    cursor.dts += duration
    cursor.offset += size
  }
}
