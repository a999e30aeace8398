import type { BitReader } from './bit-reader.ts'

export interface Fraction {
  readonly num: number
  readonly den: number
}

/** What the video usability information (ITU-T H.264 E.1.1) tells; null where it does not. */
export interface AvcVui {
  readonly sar: Fraction
  readonly frameRate: Fraction | null
  readonly maxReorderFrames: number | null
}

export const squarePixels: Fraction = { num: 1, den: 1 }

/** Table E-1, by aspect_ratio_idc. */
const sampleAspectRatios: readonly (readonly [number, number])[] = [
  [1, 1],
  [1, 1],
  [12, 11],
  [10, 11],
  [16, 11],
  [40, 33],
  [24, 11],
  [20, 11],
  [32, 11],
  [80, 33],
  [18, 11],
  [15, 11],
  [64, 33],
  [160, 99],
  [4, 3],
  [3, 2],
  [2, 1],
]
const extendedSar = 255
const highestFrameRate = 300

/** Reads as far as the bits go: a truncated end leaves the later fields null. */
export function readVui(bits: BitReader): AvcVui {
  const sar = bits.flag() ? readSampleAspectRatio(bits) : squarePixels
  if (bits.flag()) bits.bit()
  if (bits.flag()) {
    bits.bits(4)
    if (bits.flag()) bits.bits(24)
  }
  if (bits.flag()) {
    bits.unsignedGolomb()
    bits.unsignedGolomb()
  }
  const frameRate = bits.flag() ? readTiming(bits) : null
  return {
    sar: bits.ended ? squarePixels : sar,
    frameRate: bits.ended ? null : frameRate,
    maxReorderFrames: readReorderDepth(bits),
  }
}

function readSampleAspectRatio(bits: BitReader): Fraction {
  const idc = bits.bits(8)
  const [num, den] = idc === extendedSar ? [bits.bits(16), bits.bits(16)] : (sampleAspectRatios[idc] ?? [1, 1])
  return num > 0 && den > 0 ? { num, den } : squarePixels
}

/** Two ticks make a frame; half-frame ticks are what `time_scale` counts (E.2.1). */
function readTiming(bits: BitReader): Fraction | null {
  const unitsInTick = bits.bits(32)
  const timeScale = bits.bits(32)
  bits.bit()
  if (unitsInTick === 0 || timeScale === 0 || timeScale / (2 * unitsInTick) > highestFrameRate) return null
  const divisor = greatestCommonDivisor(timeScale, 2 * unitsInTick)
  return { num: timeScale / divisor, den: (2 * unitsInTick) / divisor }
}

function readReorderDepth(bits: BitReader): number | null {
  const nalHrd = bits.flag()
  if (nalHrd) skipHrd(bits)
  const vclHrd = bits.flag()
  if (vclHrd) skipHrd(bits)
  if (nalHrd || vclHrd) bits.bit()
  bits.bit()
  if (!bits.flag()) return null
  bits.bit()
  for (let field = 0; field < 4; field += 1) bits.unsignedGolomb()
  const depth = bits.unsignedGolomb()
  return bits.ended || depth > 16 ? null : depth
}

function skipHrd(bits: BitReader): void {
  const count = bits.unsignedGolomb() + 1
  bits.bits(8)
  for (let i = 0; i < count && !bits.ended; i += 1) {
    bits.unsignedGolomb()
    bits.unsignedGolomb()
    bits.bit()
  }
  bits.bits(20)
}

export function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
