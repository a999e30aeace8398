import { type Outcome, refuse } from '#archive/core/errors.ts'
import { type AvcSps, type Chroma, parseSps } from './avc-sps.ts'
import type { Fraction } from './avc-vui.ts'

/** What an AVCDecoderConfigurationRecord says of the video it opens. */
export interface AvcConfig {
  /** RFC 6381, for instance `avc1.64001f`. */
  readonly codecs: string
  readonly profile: number
  readonly level: number
  /** Of the picture that is shown: cropping applied, pixels as coded (see `sar`). */
  readonly width: number
  readonly height: number
  readonly sar: Fraction
  /** As the stream claims, or null when it does not say. */
  readonly frameRate: Fraction | null
  readonly chroma: Chroma
  readonly bitDepth: number
  readonly progressive: boolean
  /** How many pictures may come before one that is shown earlier; null when the stream does not say. */
  readonly maxReorderFrames: number | null
  readonly nalLengthSize: 1 | 2 | 4
}

/** Reads an AVCDecoderConfigurationRecord (ISO/IEC 14496-15 5.3.3.1). Never throws; refuses with CODEC_CONFIG_INVALID. */
export function parseAvcConfig(avcC: Uint8Array): Outcome<AvcConfig> {
  if (avcC[0] !== 1) return invalid('it is not version 1')
  const nalLengthSize = ((avcC[4] ?? 0) & 3) + 1
  if (nalLengthSize !== 1 && nalLengthSize !== 2 && nalLengthSize !== 4) return invalid('NAL lengths of 3 bytes')
  const spsSets = readSets(avcC, 5, 0x1f)
  const ppsSets = spsSets && readSets(avcC, spsSets.end, 0xff)
  const first = spsSets?.sets[0]
  if (!first || !ppsSets || ppsSets.sets.length === 0) return invalid('parameter sets are missing or cut off')
  const sps = parseSps(first)
  if (!sps) return invalid('its sequence parameter set cannot be read')
  return { ok: true, value: describe(sps, nalLengthSize) }
}

function describe(sps: AvcSps, nalLengthSize: 1 | 2 | 4): AvcConfig {
  const { constraints, ...rest } = sps
  const hex = [sps.profile, constraints, sps.level].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return { codecs: `avc1.${hex}`, ...rest, nalLengthSize }
}

function readSets(bytes: Uint8Array, start: number, countMask: number): { sets: Uint8Array[]; end: number } | null {
  const count = bytes[start]
  if (count === undefined) return null
  const sets: Uint8Array[] = []
  let at = start + 1
  for (let i = 0; i < (count & countMask); i += 1) {
    const [high, low] = bytes.subarray(at, at + 2)
    if (high === undefined || low === undefined) return null
    const length = high * 256 + low
    if (length === 0 || at + 2 + length > bytes.length) return null
    sets.push(bytes.subarray(at + 2, at + 2 + length))
    at += 2 + length
  }
  return { sets, end: at }
}

function invalid(what: string) {
  return refuse('CODEC_CONFIG_INVALID', { message: `The encoder's H.264 configuration cannot be used: ${what}.` })
}
