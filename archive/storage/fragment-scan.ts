/** One moof with its mdat, as far as a journal needs to know it. */
export interface FragmentFacts {
  readonly sizeBytes: number
  /** Sum of the sample durations, in the track's timescale. */
  readonly durationTicks: number
  /** Whether the first sample is a sync sample. */
  readonly independent: boolean
  /** tfdt, baseMediaDecodeTime. */
  readonly decodeTicks: number
}

export interface FragmentScan {
  readonly fragments: readonly FragmentFacts[]
  /** Length up to the end of the last whole fragment. */
  readonly wholeBytes: number
}

interface Box {
  readonly type: string
  readonly start: number
  readonly bodyStart: number
  readonly end: number
}

/**
 * Reads the whole fragments at the beginning of a segment (ISO/IEC 14496-12 8.8): pairs of moof and mdat, with whatever other
 * boxes stand before a moof counted to it. Stops, without complaint, at the first thing that is not whole.
 */
export function scanFragments(bytes: Uint8Array): FragmentScan {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const fragments: FragmentFacts[] = []
  let wholeBytes = 0
  let moof: Omit<FragmentFacts, 'sizeBytes'> | null = null
  for (const box of boxes(view, 0, bytes.length)) {
    if (box.type === 'moof') {
      moof = readMoof(view, box)
      if (!moof) break
    } else if (box.type === 'mdat') {
      if (!moof) break
      fragments.push({ ...moof, sizeBytes: box.end - wholeBytes })
      wholeBytes = box.end
      moof = null
    }
  }
  return { fragments, wholeBytes }
}

/** The whole boxes between two offsets (4.2.2); ends at the first that reaches beyond. */
function* boxes(view: DataView, from: number, to: number): Generator<Box> {
  for (let start = from; start + 8 <= to; ) {
    const short = view.getUint32(start)
    const isLarge = short === 1
    if (isLarge && start + 16 > to) return
    const size = isLarge ? Number(view.getBigUint64(start + 8)) : short
    const end = start + size
    const bodyStart = start + (isLarge ? 16 : 8)
    if (end < bodyStart || end > to) return
    yield { type: fourCharacters(view, start + 4), start, bodyStart, end }
    start = end
  }
}

function fourCharacters(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3))
}

function readMoof(view: DataView, moof: Box): Omit<FragmentFacts, 'sizeBytes'> | null {
  for (const box of boxes(view, moof.bodyStart, moof.end)) {
    if (box.type !== 'traf') continue
    try {
      return readTraf(view, box)
    } catch (error) {
      // A field beyond the end of its box.
      if (error instanceof RangeError) return null
      throw error
    }
  }
  return null
}

interface SampleDefaults {
  durationTicks: number
  flags: number
}

/** sample_is_non_sync_sample (8.8.3.1). */
const nonSync = 0x1_0000

function readTraf(view: DataView, traf: Box): Omit<FragmentFacts, 'sizeBytes'> {
  const defaults: SampleDefaults = { durationTicks: 0, flags: 0 }
  let decodeTicks = 0
  let durationTicks = 0
  let firstFlags: number | null = null
  for (const box of boxes(view, traf.bodyStart, traf.end)) {
    if (box.type === 'tfhd') readTfhd(view, box, defaults)
    if (box.type === 'tfdt') decodeTicks = readTfdt(view, box)
    if (box.type !== 'trun') continue
    const run = readTrun(view, box, defaults)
    durationTicks += run.durationTicks
    firstFlags ??= run.firstFlags
  }
  return { durationTicks, decodeTicks, independent: ((firstFlags ?? defaults.flags) & nonSync) === 0 }
}

const flagsOf = (view: DataView, box: Box) => view.getUint32(box.bodyStart) & 0xff_ffff

/** 8.8.7: optional fields stand in the order of their flags. */
function readTfhd(view: DataView, box: Box, defaults: SampleDefaults): void {
  const flags = flagsOf(view, box)
  let at = box.bodyStart + 8
  if (flags & 0x1) at += 8
  if (flags & 0x2) at += 4
  if (flags & 0x8) {
    defaults.durationTicks = view.getUint32(at)
    at += 4
  }
  if (flags & 0x10) at += 4
  if (flags & 0x20) defaults.flags = view.getUint32(at)
}

/** 8.8.12 */
function readTfdt(view: DataView, box: Box): number {
  const isWide = view.getUint8(box.bodyStart) === 1
  return isWide ? Number(view.getBigUint64(box.bodyStart + 4)) : view.getUint32(box.bodyStart + 4)
}

/** 8.8.8 */
function readTrun(
  view: DataView,
  box: Box,
  defaults: SampleDefaults,
): { durationTicks: number; firstFlags: number | null } {
  const flags = flagsOf(view, box)
  const count = view.getUint32(box.bodyStart + 4)
  let at = box.bodyStart + 8 + (flags & 0x1 ? 4 : 0)
  let firstFlags: number | null = null
  if (flags & 0x4) {
    firstFlags = view.getUint32(at)
    at += 4
  }
  const fields = [0x100, 0x200, 0x400, 0x800].filter((flag) => flags & flag)
  const rowBytes = fields.length * 4
  if (at + count * rowBytes > box.end) throw new RangeError('trun is longer than its box')
  if (flags & 0x400 && firstFlags === null && count > 0) {
    firstFlags = view.getUint32(at + fields.indexOf(0x400) * 4)
  }
  if (!(flags & 0x100)) return { durationTicks: count * defaults.durationTicks, firstFlags }
  let durationTicks = 0
  for (let row = 0; row < count; row++) durationTicks += view.getUint32(at + row * rowBytes)
  return { durationTicks, firstFlags }
}
