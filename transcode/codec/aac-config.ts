import { type Outcome, refuse } from '#archive/core/errors.ts'
import { BitReader } from './bit-reader.ts'

/** What an AudioSpecificConfig says of the sound it opens. */
export interface AacConfig {
  /** RFC 6381, for instance `mp4a.40.2`. */
  readonly codecs: string
  /** 2 is AAC-LC, 5 HE-AAC, 29 HE-AAC v2. */
  readonly objectType: number
  /** Of what is heard: for HE-AAC twice the rate of the core, when it is signalled. */
  readonly sampleRate: number
  readonly channels: number
  /** Samples at `sampleRate` in one access unit. */
  readonly samplesPerFrame: number
}

const sampleRates = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350] as const
const explicitRateIndex = 15
const channelCounts: Readonly<Record<number, number>> = {
  1: 1,
  2: 2,
  3: 3,
  4: 4,
  5: 5,
  6: 6,
  7: 8,
  11: 7,
  12: 8,
  14: 8,
}
const spectralBandReplication = 5
const parametricStereo = 29
/** AAC Main, LC, SSR, LTP: the object types of which one access unit stands alone in RTMP and in CMAF. */
const coreTypes = new Set([1, 2, 3, 4])
const syncExtension = 0x2b7

/** Reads an AudioSpecificConfig (ISO/IEC 14496-3 1.6.2.1). Never throws; refuses with CODEC_CONFIG_INVALID. */
export function parseAacConfig(asc: Uint8Array): Outcome<AacConfig> {
  const bits = new BitReader(asc)
  const signalled = readObjectType(bits)
  const coreRate = readSampleRate(bits)
  const channelConfiguration = bits.bits(4)
  const explicit = signalled === spectralBandReplication || signalled === parametricStereo
  const explicitRate = explicit ? readSampleRate(bits) : null
  const coreType = explicit ? readObjectType(bits) : signalled
  if (!coreTypes.has(coreType)) return invalid(`audio object type ${coreType} is not AAC`)
  const coreSamples = bits.flag() ? 960 : 1024
  if (bits.flag()) bits.bits(14)
  bits.bit()
  const channels = channelConfiguration === 0 ? readProgramChannels(bits) : (channelCounts[channelConfiguration] ?? 0)
  if (bits.ended || coreRate === null || channels === 0) return invalid('sample rate or channels cannot be read')
  const extension = explicit ? { objectType: signalled, rate: explicitRate } : readExtension(bits)
  const sampleRate = extension?.rate ?? coreRate
  const objectType = extension?.objectType ?? coreType
  if (sampleRate % coreRate !== 0 || sampleRate > 2 * coreRate) return invalid('core and output rates do not agree')
  return {
    ok: true,
    value: {
      codecs: `mp4a.40.${objectType}`,
      objectType,
      sampleRate,
      channels: objectType === parametricStereo ? 2 : channels,
      samplesPerFrame: coreSamples * (sampleRate / coreRate),
    },
  }
}

function readObjectType(bits: BitReader): number {
  const type = bits.bits(5)
  return type === 31 ? 32 + bits.bits(6) : type
}

function readSampleRate(bits: BitReader): number | null {
  const index = bits.bits(4)
  if (index !== explicitRateIndex) return sampleRates[index] ?? null
  const rate = bits.bits(24)
  return rate >= 7000 && rate <= 96_000 ? rate : null
}

/** Backward-compatible signalling of SBR and PS behind the core's own configuration (1.6.2.1, 1.6.5). */
function readExtension(bits: BitReader): { objectType: number; rate: number | null } | null {
  if (bits.bitsLeft < 16 || bits.bits(11) !== syncExtension) return null
  if (readObjectType(bits) !== spectralBandReplication || !bits.flag()) return null
  const rate = readSampleRate(bits)
  if (rate === null) return null
  const stereo = bits.bitsLeft >= 12 && bits.bits(11) === 0x548 && bits.flag()
  return { objectType: stereo ? parametricStereo : spectralBandReplication, rate }
}

/** Counts the channels of a program_config_element (ISO/IEC 14496-3 4.4.1.1). */
function readProgramChannels(bits: BitReader): number {
  bits.bits(10)
  const positioned = bits.bits(4) + bits.bits(4) + bits.bits(4)
  const lowFrequency = bits.bits(2)
  bits.bits(7)
  if (bits.flag()) bits.bits(4)
  if (bits.flag()) bits.bits(4)
  if (bits.flag()) bits.bits(3)
  let channels = lowFrequency
  for (let element = 0; element < positioned; element += 1) {
    channels += bits.flag() ? 2 : 1
    bits.bits(4)
  }
  return channels
}

function invalid(what: string) {
  return refuse('CODEC_CONFIG_INVALID', { message: `The encoder's AAC configuration cannot be used: ${what}.` })
}
