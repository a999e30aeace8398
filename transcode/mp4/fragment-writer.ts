import { box, fullBox, u32, u64 } from './box-writer.ts'

export interface FragmentSample {
  /** In ticks of the track's timescale, as is `compositionOffset`. */
  readonly duration: number
  readonly keyframe: boolean
  /** Presentation minus decode time; may be negative. */
  readonly compositionOffset: number
  readonly data: Uint8Array
}

export interface FragmentSpec {
  /** Of this fragment within its track; grows. */
  readonly sequence: number
  readonly trackId: number
  readonly baseDecodeTime: number
  readonly samples: readonly FragmentSample[]
}

/** Sample flags, ISO/IEC 14496-12 8.8.3.1. */
export const syncSampleFlags = 0x02000000
export const nonSyncSampleFlags = 0x01010000

const run = { dataOffset: 0x1, firstFlags: 0x4, duration: 0x100, size: 0x200, flags: 0x400, composition: 0x800 }
const header = { duration: 0x8, flags: 0x20, baseIsMoof: 0x020000 }

/** One `moof` and its `mdat` (ISO/IEC 14496-12 8.8.4): a CMAF chunk with one track run. */
export function writeFragment(spec: FragmentSpec): Uint8Array {
  const fields = chooseFields(spec.samples)
  const draft = moof(spec, fields, 0)
  const payload = spec.samples.map((sample) => sample.data)
  return Buffer.concat([moof(spec, fields, draft.length + 8), box('mdat', ...payload)])
}

interface Fields {
  /** For all samples, or null when each sample carries its own. */
  readonly duration: number | null
  readonly defaultFlags: number
  /** The first sample alone differs from the default. */
  readonly firstDiffers: boolean
  readonly flagsEach: boolean
  readonly composition: boolean
}

/** Values that all samples share stand once in the fragment's header: a part of audio costs 4 bytes a frame. */
function chooseFields(samples: readonly FragmentSample[]): Fields {
  const first = samples[0]
  const later = samples.slice(1)
  const laterKeys = later.filter((sample) => sample.keyframe).length
  const uniform = laterKeys === 0 || laterKeys === later.length
  const laterFlags = flagsOf(later[0] ?? first)
  return {
    duration: first && later.every((sample) => sample.duration === first.duration) ? first.duration : null,
    defaultFlags: laterFlags,
    firstDiffers: uniform && flagsOf(first) !== laterFlags,
    flagsEach: !uniform,
    composition: samples.some((sample) => sample.compositionOffset !== 0),
  }
}

function flagsOf(sample: FragmentSample | undefined): number {
  return sample?.keyframe ? syncSampleFlags : nonSyncSampleFlags
}

function moof(spec: FragmentSpec, fields: Fields, dataOffset: number): Uint8Array {
  const headerFlags = header.baseIsMoof | header.flags | (fields.duration === null ? 0 : header.duration)
  const defaults = fields.duration === null ? [fields.defaultFlags] : [fields.duration, fields.defaultFlags]
  return box(
    'moof',
    fullBox('mfhd', { version: 0, flags: 0 }, u32(spec.sequence)),
    box(
      'traf',
      fullBox('tfhd', { version: 0, flags: headerFlags }, u32(spec.trackId, ...defaults)),
      fullBox('tfdt', { version: 1, flags: 0 }, u64(spec.baseDecodeTime)),
      trackRun(spec.samples, fields, dataOffset),
    ),
  )
}

function trackRun(samples: readonly FragmentSample[], fields: Fields, dataOffset: number): Uint8Array {
  const flags =
    run.dataOffset |
    run.size |
    (fields.firstDiffers ? run.firstFlags : 0) |
    (fields.duration === null ? run.duration : 0) |
    (fields.flagsEach ? run.flags : 0) |
    (fields.composition ? run.composition : 0)
  const head = fields.firstDiffers ? [flagsOf(samples[0])] : []
  const rows = samples.flatMap((sample) => [
    ...(fields.duration === null ? [sample.duration] : []),
    sample.data.length,
    ...(fields.flagsEach ? [flagsOf(sample)] : []),
    ...(fields.composition ? [sample.compositionOffset >>> 0] : []),
  ])
  return fullBox('trun', { version: 1, flags }, u32(samples.length, dataOffset, ...head, ...rows))
}
