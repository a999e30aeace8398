import { type AvcVui, readVui, squarePixels } from './avc-vui.ts'
import { BitReader, unescapeNal } from './bit-reader.ts'

export type Chroma = '4:0:0' | '4:2:0' | '4:2:2' | '4:4:4'

/** A sequence parameter set (ITU-T H.264 7.3.2.1.1), as far as packaging needs it. */
export interface AvcSps extends AvcVui {
  readonly profile: number
  readonly constraints: number
  readonly level: number
  readonly width: number
  readonly height: number
  readonly chroma: Chroma
  readonly bitDepth: number
  /** Every picture is coded as a whole frame (frame_mbs_only_flag). */
  readonly progressive: boolean
}

const profilesWithChroma = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135])
const chromas: readonly Chroma[] = ['4:0:0', '4:2:0', '4:2:2', '4:4:4']
const spsNalType = 7
/** Level 6.2 ends at 8192 by 4320; twice that leaves room without trusting absurd sizes. */
const largestSide = 16_384

/** Null when the bytes are not a usable sequence parameter set. Never throws. */
export function parseSps(nal: Uint8Array): AvcSps | null {
  const [header, profile, constraints, level] = nal
  if (header === undefined || profile === undefined || constraints === undefined || level === undefined) return null
  if ((header & 0x1f) !== spsNalType) return null
  const bits = new BitReader(unescapeNal(nal.subarray(4)))
  bits.unsignedGolomb()
  const format = readFormat(bits, profile)
  if (!format) return null
  bits.unsignedGolomb()
  skipPictureOrderCount(bits)
  bits.unsignedGolomb()
  bits.bit()
  const size = readSize(bits, format.chroma)
  if (!size || bits.ended) return null
  const vui = bits.flag() ? readVui(bits) : { sar: squarePixels, frameRate: null, maxReorderFrames: null }
  return { profile, constraints, level, ...format, ...size, ...vui }
}

function readFormat(bits: BitReader, profile: number): Pick<AvcSps, 'chroma' | 'bitDepth'> | null {
  if (!profilesWithChroma.has(profile)) return { chroma: '4:2:0', bitDepth: 8 }
  const chromaFormat = bits.unsignedGolomb()
  const chroma = chromas[chromaFormat]
  if (chroma === undefined) return null
  if (chromaFormat === 3) bits.bit()
  const lumaDepth = 8 + bits.unsignedGolomb()
  const chromaDepth = 8 + bits.unsignedGolomb()
  if (lumaDepth > 14 || chromaDepth > 14) return null
  bits.bit()
  if (bits.flag()) skipScalingMatrix(bits, chromaFormat === 3 ? 12 : 8)
  return { chroma, bitDepth: Math.max(lumaDepth, chromaDepth) }
}

function skipScalingMatrix(bits: BitReader, lists: number): void {
  for (let list = 0; list < lists && !bits.ended; list += 1) {
    if (bits.flag()) skipScalingList(bits, list < 6 ? 16 : 64)
  }
}

/** ITU-T H.264 7.3.2.1.1.1: a next scale of 0 ends the coded part of the list. */
function skipScalingList(bits: BitReader, size: number): void {
  let last = 8
  for (let i = 0; i < size && !bits.ended; i += 1) {
    const next = (last + bits.signedGolomb() + 256) % 256
    if (next === 0) return
    last = next
  }
}

function skipPictureOrderCount(bits: BitReader): void {
  const type = bits.unsignedGolomb()
  if (type === 0) bits.unsignedGolomb()
  if (type !== 1) return
  bits.bit()
  bits.signedGolomb()
  bits.signedGolomb()
  const count = bits.unsignedGolomb()
  for (let i = 0; i < count && !bits.ended; i += 1) bits.signedGolomb()
}

function readSize(bits: BitReader, chroma: Chroma): Pick<AvcSps, 'width' | 'height' | 'progressive'> | null {
  const widthMacroblocks = bits.unsignedGolomb() + 1
  const heightMapUnits = bits.unsignedGolomb() + 1
  const progressive = bits.flag()
  if (!progressive) bits.bit()
  bits.bit()
  const fields = progressive ? 1 : 2
  const crop = { left: 0, right: 0, top: 0, bottom: 0 }
  if (bits.flag()) {
    crop.left = bits.unsignedGolomb()
    crop.right = bits.unsignedGolomb()
    crop.top = bits.unsignedGolomb()
    crop.bottom = bits.unsignedGolomb()
  }
  const cropX = chroma === '4:2:0' || chroma === '4:2:2' ? 2 : 1
  const cropY = (chroma === '4:2:0' ? 2 : 1) * fields
  const width = widthMacroblocks * 16 - (crop.left + crop.right) * cropX
  const height = heightMapUnits * 16 * fields - (crop.top + crop.bottom) * cropY
  if (width < 1 || height < 1 || width > largestSide || height > largestSide) return null
  return { width, height, progressive }
}
