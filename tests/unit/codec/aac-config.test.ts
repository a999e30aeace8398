import { describe, expect, it } from 'vitest'
import { seeded } from '#tests/support/seeded.ts'
import { parseAacConfig } from '../../../transcode/codec/aac-config.ts'

/** Bits written as text, spaces ignored, padded to whole bytes. */
const bits = (text: string) => {
  const digits = text.replaceAll(' ', '')
  const padded = digits.padEnd(Math.ceil(digits.length / 8) * 8, '0')
  return Uint8Array.from(padded.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2))
}

const accepted = (text: string) => {
  const outcome = parseAacConfig(bits(text))
  return outcome.ok ? outcome.value : outcome.message
}

describe('an AAC configuration', () => {
  it('of AAC-LC at 48 kHz stereo is two bytes', () => {
    expect(parseAacConfig(Uint8Array.of(0x11, 0x90))).toEqual({
      ok: true,
      value: { codecs: 'mp4a.40.2', objectType: 2, sampleRate: 48_000, channels: 2, samplesPerFrame: 1024 },
    })
  })

  it.each([
    ['44.1 kHz mono', '00010 0100 0001 000', { sampleRate: 44_100, channels: 1 }],
    ['5.1', '00010 0011 0110 000', { sampleRate: 48_000, channels: 6 }],
    ['7.1', '00010 0011 0111 000', { sampleRate: 48_000, channels: 8 }],
    ['an explicit rate', '00010 1111 000000001011101110000000 0010 000', { sampleRate: 48_000, channels: 2 }],
    ['short frames', '00010 0011 0010 100', { samplesPerFrame: 960 }],
  ])('of %s is understood', (_name, text, expected) => {
    expect(accepted(text)).toMatchObject({ codecs: 'mp4a.40.2', ...expected })
  })

  it('of HE-AAC, signalled first, has the rate that is heard and frames of twice the samples', () => {
    expect(accepted('00101 0110 0010 0011 00010 000')).toEqual({
      codecs: 'mp4a.40.5',
      objectType: 5,
      sampleRate: 48_000,
      channels: 2,
      samplesPerFrame: 2048,
    })
  })

  it('of HE-AAC v2 is stereo although its core is mono', () => {
    expect(accepted('11101 0110 0001 0011 00010 000')).toMatchObject({ codecs: 'mp4a.40.29', channels: 2 })
  })

  it('of HE-AAC, signalled behind the core in the compatible way, is the same', () => {
    expect(accepted('00010 0110 0010 000 01010110111 00101 1 0011')).toMatchObject({
      codecs: 'mp4a.40.5',
      sampleRate: 48_000,
      samplesPerFrame: 2048,
    })
  })

  it('with channels in a program config element counts them', () => {
    const element = '0000 01 0011 0001 0000 0001 01 000 0000 0 0 0 0 0000 1 0000 1 0000'
    expect(accepted(`00010 0011 0000 000 ${element}`)).toMatchObject({ channels: 4 })
  })

  it('is refused with a code when it is not AAC or is cut off', () => {
    for (const broken of ['', '00010', '00000 0011 0010 000', '01001 0011 0010 000', '00010 1110 0010 000']) {
      expect(parseAacConfig(bits(broken))).toMatchObject({ ok: false, code: 'CODEC_CONFIG_INVALID' })
    }
  })

  it('never throws on random bytes, and what it accepts can be played', () => {
    const random = seeded(2)
    let plausible = 0
    for (let round = 0; round < 20_000; round += 1) {
      const outcome = parseAacConfig(random.bytes(random.below(12)))
      if (!outcome.ok) continue
      const { sampleRate, channels, samplesPerFrame } = outcome.value
      if (sampleRate < 7000 || sampleRate > 192_000 || channels < 1 || samplesPerFrame < 960)
        throw new Error(`${round}`)
      plausible += 1
    }
    expect(plausible).toBeGreaterThan(100)
  })
})
