import { describe, expect, it } from 'vitest'
import { seeded } from '#tests/support/seeded.ts'
import { findBox, readBoxes } from '../../../transcode/mp4/box-reader.ts'
import { box, fullBox, u32 } from '../../../transcode/mp4/box-writer.ts'
import { FragmentReader } from '../../../transcode/mp4/fragment-reader.ts'
import { type FragmentSample, writeFragment } from '../../../transcode/mp4/fragment-writer.ts'
import { type InitSpec, writeInit } from '../../../transcode/mp4/init-section.ts'
import { readTrack } from '../../../transcode/mp4/track-reader.ts'

const avcC = Uint8Array.of(1, 0x64, 0, 0x1f, 0xff, 0xe0, 0)
const video: InitSpec = { kind: 'video', timescale: 25_000, width: 1280, height: 720, avcC }
const audio: InitSpec = {
  kind: 'audio',
  timescale: 48_000,
  channels: 2,
  sampleRate: 48_000,
  asc: Uint8Array.of(0x11, 0x90),
}
const frame = (fill: number, keyframe: boolean, compositionOffset = 0): FragmentSample => ({
  duration: 1000,
  keyframe,
  compositionOffset,
  data: new Uint8Array(fill + 1).fill(fill),
})

describe('an init section', () => {
  it('of video gives back what went in', () => {
    expect(readTrack(writeInit(video)).init).toEqual({
      kind: 'video',
      trackId: 1,
      timescale: 25_000,
      config: avcC,
      width: 1280,
      height: 720,
      channels: 0,
      editOffset: 0,
      defaults: { duration: 0, size: 0, flags: 0 },
    })
  })

  it('of audio gives back what went in', () => {
    expect(readTrack(writeInit(audio)).init).toMatchObject({
      kind: 'audio',
      timescale: 48_000,
      channels: 2,
      config: Uint8Array.of(0x11, 0x90),
    })
  })

  it('is branded as CMAF and widens pixels that are not square', () => {
    const bytes = writeInit({ ...video, sar: { num: 16, den: 15 }, width: 720, height: 576 })
    expect(Buffer.from(readBoxes(bytes)[0]?.payload ?? []).toString('latin1')).toBe('iso6\0\0\0\0iso6cmfc')
    const header = findBox(bytes, ['moov', 'trak', 'tkhd']) ?? new Uint8Array()
    expect(Buffer.from(header).readUInt32BE(76) / 0x10000).toBe(768)
  })
})

describe('a fragment', () => {
  it('carries a decode time beyond 32 bits, signed offsets and sync flags exactly', () => {
    const samples = [frame(1, true), frame(2, false, 2000), frame(3, false, -1000)]
    const bytes = writeFragment({ sequence: 7, trackId: 1, baseDecodeTime: 2 ** 40 + 5, samples })
    expect(readTrack(writeInit(video), bytes).samples).toEqual([
      {
        type: 'sample',
        dtsTicks: 2 ** 40 + 5,
        ptsTicks: 2 ** 40 + 5,
        durationTicks: 1000,
        keyframe: true,
        data: Buffer.alloc(2, 1),
      },
      {
        type: 'sample',
        dtsTicks: 2 ** 40 + 1005,
        ptsTicks: 2 ** 40 + 3005,
        durationTicks: 1000,
        keyframe: false,
        data: Buffer.alloc(3, 2),
      },
      {
        type: 'sample',
        dtsTicks: 2 ** 40 + 2005,
        ptsTicks: 2 ** 40 + 1005,
        durationTicks: 1000,
        keyframe: false,
        data: Buffer.alloc(4, 3),
      },
    ])
  })

  it.each([
    ['one keyframe', [true]],
    ['one frame that is none', [false]],
    ['a keyframe in the middle', [false, false, true, false]],
    ['a keyframe first', [true, false, false]],
    ['keyframes only', [true, true, true]],
    ['all but the first', [false, true, true]],
  ])('keeps the flags of %s', (_name, keyframes) => {
    const samples = keyframes.map((keyframe, index) => frame(index, keyframe))
    const bytes = writeFragment({ sequence: 1, trackId: 1, baseDecodeTime: 0, samples })
    expect(readTrack(writeInit(video), bytes).samples.map((sample) => sample.keyframe)).toEqual(keyframes)
  })

  it('keeps durations that differ', () => {
    const samples = [1024, 1024, 2048].map((duration) => ({ ...frame(1, true), duration }))
    const bytes = writeFragment({ sequence: 1, trackId: 1, baseDecodeTime: 0, samples })
    expect(readTrack(writeInit(audio), bytes).samples.map((sample) => sample.dtsTicks)).toEqual([0, 1024, 2048])
  })
})

describe('the fragment reader', () => {
  const fragments = [0, 1, 2].map((index) =>
    writeFragment({
      sequence: index + 1,
      trackId: 1,
      baseDecodeTime: index * 2000,
      samples: [frame(index, index === 0), frame(index + 40, false)],
    }),
  )
  const stream = Buffer.concat([writeInit(video), ...fragments])

  it('finds the same samples whatever pieces the bytes come in', () => {
    const whole = new FragmentReader().push(stream)
    expect(whole).toHaveLength(7)
    for (const step of [1, 7, 9, 100]) {
      const reader = new FragmentReader()
      const reused = Buffer.alloc(step)
      const events = []
      for (let at = 0; at < stream.length; at += step) {
        const length = stream.copy(reused, 0, at, at + step)
        events.push(...reader.push(reused.subarray(0, length)))
        reused.fill(0xee)
      }
      expect(events).toEqual(whole)
    }
  })

  it('applies an edit list: an empty edit delays, a media edit sets the origin', () => {
    const withEdits = (...edits: number[][]) => {
      const list = fullBox('elst', { version: 0, flags: 0 }, u32(edits.length, ...edits.flat()))
      const bytes = writeInit(video)
      const [ftyp, moov] = readBoxes(bytes)
      const children = readBoxes(moov?.payload ?? new Uint8Array()).map((child) =>
        child.type === 'trak'
          ? box('trak', child.payload, box('edts', list))
          : (moov?.payload ?? new Uint8Array()).subarray(child.start, child.start + child.size),
      )
      return Buffer.concat([bytes.subarray(0, ftyp?.size), box('moov', ...children)])
    }
    const firstPts = (init: Uint8Array) => readTrack(init, fragments[0] ?? new Uint8Array()).samples[0]?.ptsTicks
    expect(firstPts(withEdits([0, 2000, 0x10000]))).toBe(-2000)
    expect(firstPts(withEdits([80, 0xffffffff, 0x10000], [0, 0, 0x10000]))).toBe(2000)
  })

  it('refuses a box above 64 MB before any of it has come', () => {
    const claim = Buffer.from('04000001', 'hex')
    expect(() => new FragmentReader().push(Buffer.concat([claim, Buffer.from('mdat')]))).toThrowError(
      expect.objectContaining({ code: 'MP4_BOX_TOO_LARGE' }),
    )
  })

  it('refuses a fragment without init section, and samples outside their data', () => {
    const malformed = expect.objectContaining({ code: 'MP4_MALFORMED' })
    expect(() => new FragmentReader().push(fragments[0] ?? new Uint8Array())).toThrowError(malformed)
    const short = Buffer.concat([writeInit(video), readMoofOf(fragments[0]), box('mdat', new Uint8Array(3))])
    expect(() => new FragmentReader().push(short)).toThrowError(malformed)
  })

  it('answers truncated, mutated and random streams with samples or a coded error, never anything else', () => {
    const random = seeded(3)
    const outcomes = { read: 0, MP4_MALFORMED: 0, MP4_BOX_TOO_LARGE: 0 }
    for (let round = 0; round < 5_000; round += 1) {
      const victim = round % 5 === 0 ? Buffer.from(random.bytes(random.below(200))) : Buffer.from(stream)
      const hits = random.below(6)
      for (let hit = 0; hit < hits && victim.length > 0; hit += 1)
        victim[random.below(victim.length)] = random.below(256)
      outcomes[outcomeOf(victim.subarray(0, round % 3 === 0 ? random.below(victim.length + 1) : victim.length))] += 1
    }
    expect(outcomes.read + outcomes.MP4_MALFORMED + outcomes.MP4_BOX_TOO_LARGE).toBe(5_000)
    expect(outcomes.MP4_MALFORMED).toBeGreaterThan(500)
  })
})

function readMoofOf(fragment: Uint8Array | undefined): Uint8Array {
  return fragment?.subarray(0, readBoxes(fragment)[0]?.size) ?? new Uint8Array()
}

function outcomeOf(bytes: Uint8Array): 'read' | 'MP4_MALFORMED' | 'MP4_BOX_TOO_LARGE' {
  try {
    new FragmentReader().push(bytes)
    return 'read'
  } catch (error) {
    if (error instanceof Error && 'code' in error) {
      if (error.code === 'MP4_MALFORMED' || error.code === 'MP4_BOX_TOO_LARGE') return error.code
    }
    throw error
  }
}
