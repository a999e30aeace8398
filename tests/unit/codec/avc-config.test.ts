import { describe, expect, it } from 'vitest'
import { seeded } from '#tests/support/seeded.ts'
import { hasIdr } from '../../../transcode/codec/avc-access-unit.ts'
import { parseAvcConfig } from '../../../transcode/codec/avc-config.ts'

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'))

/** Configurations as x264 writes them, and what ffprobe says of the same streams. */
const configs = {
  baseline320x180at25: '0142c00cffe100196742c00cd901419f9f011000000300100000030320f142a48001000568cb83cb20',
  high1080ntsc: '01640028ffe1001967640028acd940780227e5c04400000fa40003a9803c60c65801000668ebe3cb22c0fdf8f800',
  high422: '017a000dffe10019677a000dbcd94141fb0e1000000300100000030320f142996001000668ebe3cb22c0fef8f800',
  high10cropped:
    '016e000cffe1001f676e000ca6cd941419ea23ff059005971000000300100000030320f142996001000668ebe3cb22c0fdfafa00',
  interlaced576: '0164001effe1001c6764001eacd940b424dff8008000788000000300800000190f8a14cb01000668fba3cb22c0fdf8f800',
}

const configOf = (hex: string) => {
  const outcome = parseAvcConfig(bytes(hex))
  if (!outcome.ok) throw new Error(outcome.message)
  return outcome.value
}

describe('an H.264 configuration', () => {
  it('of baseline profile tells size, rate and that nothing is reordered', () => {
    expect(configOf(configs.baseline320x180at25)).toEqual({
      codecs: 'avc1.42c00c',
      profile: 66,
      level: 12,
      width: 320,
      height: 180,
      sar: { num: 1, den: 1 },
      frameRate: { num: 25, den: 1 },
      chroma: '4:2:0',
      bitDepth: 8,
      progressive: true,
      maxReorderFrames: 0,
      nalLengthSize: 4,
    })
  })

  it('of 1080 lines has its cropping applied and its NTSC rate as a fraction', () => {
    expect(configOf(configs.high1080ntsc)).toMatchObject({
      codecs: 'avc1.640028',
      width: 1920,
      height: 1080,
      frameRate: { num: 30000, den: 1001 },
      maxReorderFrames: 2,
    })
  })

  it('of 4:2:2 crops by the lines that 4:2:2 has', () => {
    expect(configOf(configs.high422)).toMatchObject({ chroma: '4:2:2', bitDepth: 8, width: 320, height: 240 })
    expect(configOf(configs.high422).sar).toEqual({ num: 4, den: 3 })
  })

  it('of 10 bits and an odd size says so, with an extended pixel shape', () => {
    const { bitDepth, width, height, sar } = configOf(configs.high10cropped)
    expect({ bitDepth, width, height, sar }).toEqual({
      bitDepth: 10,
      width: 318,
      height: 178,
      sar: { num: 1424, den: 1431 },
    })
  })

  it('of interlaced video is not progressive and has the height of the frame', () => {
    expect(configOf(configs.interlaced576)).toMatchObject({
      progressive: false,
      width: 720,
      height: 576,
      sar: { num: 16, den: 15 },
    })
  })

  it('is refused with a code when it is empty, of another version or cut off', () => {
    const whole = bytes(configs.high1080ntsc)
    const other = Uint8Array.from(whole)
    other[0] = 2
    for (const broken of [new Uint8Array(), other, whole.subarray(0, 12), whole.subarray(0, 33)]) {
      expect(parseAvcConfig(broken)).toMatchObject({ ok: false, code: 'CODEC_CONFIG_INVALID' })
    }
  })

  it('never throws on random or mutated bytes, and what it accepts has a sane size', () => {
    const random = seeded(1)
    const originals = Object.values(configs).map(bytes)
    let accepted = 0
    for (let round = 0; round < 20_000; round += 1) {
      const original = originals[round % originals.length] ?? new Uint8Array()
      const victim = round % 4 === 0 ? random.bytes(random.below(80)) : Uint8Array.from(original)
      for (let hit = 0; hit < 3 && victim.length > 0; hit += 1) victim[random.below(victim.length)] = random.below(256)
      const outcome = parseAvcConfig(victim)
      if (!outcome.ok) continue
      accepted += 1
      const { width, height } = outcome.value
      if (!(width >= 1 && width <= 16_384 && height >= 1 && height <= 16_384)) throw new Error(`round ${round}`)
    }
    expect(accepted).toBeGreaterThan(1000)
  })
})

describe('an access unit', () => {
  const unit = (...types: number[]) => Uint8Array.from(types.flatMap((type) => [0, 0, 0, 2, 0x60 | type, 0xaa]))

  it('holds an IDR picture only when one of its NAL units is one', () => {
    expect(hasIdr(unit(6, 5), 4)).toBe(true)
    expect(hasIdr(unit(6, 1), 4)).toBe(false)
  })

  it('with broken lengths is searched to its end and no further', () => {
    expect(hasIdr(Uint8Array.from([0xff, 0xff, 0xff, 0xff, 0x41, 0, 0, 0, 1, 0x65]), 4)).toBe(false)
    expect(hasIdr(new Uint8Array(9), 4)).toBe(false)
  })
})
