import type { AacConfig } from '../codec/aac-config.ts'

const rates = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350]
const headerBytes = 7

/**
 * One raw AAC access unit with an ADTS header (ISO/IEC 13818-7 6.2), so that it can be decoded without a container.
 * Null for what ADTS cannot say: object types above 4, sample rates beside the table, more than 8 channels.
 */
export function adtsFrame(
  config: Pick<AacConfig, 'objectType' | 'sampleRate' | 'channels'>,
  unit: Uint8Array,
): Buffer | null {
  const rate = rates.indexOf(config.sampleRate)
  const channels = config.channels === 8 ? 7 : config.channels
  // HE-AAC is announced by its core: the decoder finds the extension in the unit itself.
  const profile = config.objectType > 4 ? 1 : config.objectType - 1
  const size = unit.length + headerBytes
  if (rate < 0 || channels < 1 || channels > 7 || size > 0x1fff) return null
  const header = Buffer.from([
    0xff,
    0xf1,
    (profile << 6) | (rate << 2) | (channels >> 2),
    ((channels & 3) << 6) | (size >> 11),
    (size >> 3) & 0xff,
    ((size & 7) << 5) | 0x1f,
    0xfc,
  ])
  return Buffer.concat([header, unit])
}
