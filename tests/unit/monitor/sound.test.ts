import { describe, expect, it } from 'vitest'
import type { StreamFault } from '#archive/domain/stream-fault.ts'
import { seededRandom } from '#tests/support/seeded-random.ts'
import { SoundJudge } from '../../../transcode/monitor/sound-judge.ts'
import { type SoundLevels, SoundMeter } from '../../../transcode/monitor/sound-meter.ts'

const startMs = Date.UTC(2026, 10, 23, 18, 30)

/** Interleaved PCM of what `sample` says of each channel at each moment. */
function pcm(seconds: number, channels: 1 | 2, sample: (t: number, channel: number) => number): Buffer {
  const frames = Math.round(seconds * 48_000)
  const bytes = Buffer.alloc(frames * channels * 2)
  for (let frame = 0; frame < frames; frame += 1) {
    for (let channel = 0; channel < channels; channel += 1) {
      const level = Math.max(-1, Math.min(32_767 / 32_768, sample(frame / 48_000, channel)))
      bytes.writeInt16LE(Math.round(level * 32_768), (frame * channels + channel) * 2)
    }
  }
  return bytes
}

const tone = (amplitude: number) => (t: number) => amplitude * Math.sin(2 * Math.PI * 997 * t)

function measured(bytes: Buffer, channels: 1 | 2): SoundLevels[] {
  return new SoundMeter(channels).push(bytes)
}

describe('a second of sound', () => {
  it('of a full tone in one channel is -3.01 dB and -3.01 LUFS (ITU-R BS.1770-4)', () => {
    const [, second] = measured(pcm(2, 1, tone(0.999)), 1)
    expect(second?.rmsDb[0]).toBeCloseTo(-3.02, 2)
    expect(second?.loudnessLufs).toBeCloseTo(-3.02, 1)
    expect(second?.clippedShare).toBeGreaterThan(0.05)
  })

  it('of a quieter tone in both channels is 3 LU louder than in one, and nothing is cut off', () => {
    const [, one] = measured(
      pcm(2, 2, (t, channel) => (channel === 0 ? tone(0.1)(t) : 0)),
      2,
    )
    const [, both] = measured(pcm(2, 2, tone(0.1)), 2)
    expect(one?.rmsDb[1]).toBe(Number.NEGATIVE_INFINITY)
    expect((both?.loudnessLufs ?? 0) - (one?.loudnessLufs ?? 0)).toBeCloseTo(3.01, 2)
    expect(both?.clippedShare).toBe(0)
  })

  it('is the same however its bytes are cut', () => {
    const bytes = pcm(2.5, 2, tone(0.3))
    const meter = new SoundMeter(2)
    const pieces: SoundLevels[] = []
    for (let at = 0; at < bytes.length; at += 4_097) pieces.push(...meter.push(bytes.subarray(at, at + 4_097)))
    expect(pieces).toHaveLength(2)
    const whole = measured(bytes, 2)
    for (const [index, { rmsDb, loudnessLufs }] of pieces.entries()) {
      expect(rmsDb[0]).toBeCloseTo(whole[index]?.rmsDb[0] ?? 0, 9)
      expect(loudnessLufs).toBeCloseTo(whole[index]?.loudnessLufs ?? 0, 6)
    }
  })

  it('of digital silence is minus infinity', () => {
    const silence = { rmsDb: [Number.NEGATIVE_INFINITY], loudnessLufs: Number.NEGATIVE_INFINITY, clippedShare: 0 }
    expect(measured(Buffer.alloc(96_000), 1)).toEqual([silence])
  })
})

const stereo = (left: number, right: number, clippedShare = 0): SoundLevels => ({
  rmsDb: [left, right],
  loudnessLufs: Math.max(left, right),
  clippedShare,
})
const mono = (db: number): SoundLevels => ({ rmsDb: [db], loudnessLufs: db, clippedShare: 0 })
const times = (count: number, levels: SoundLevels) => Array.from({ length: count }, () => levels)

function judged(seconds: readonly SoundLevels[]) {
  const judge = new SoundJudge()
  for (const [index, levels] of seconds.entries()) judge.hear(levels, startMs + index * 1000)
  return judge.findings().map(({ code, sinceMs }) => [code, (sinceMs - startMs) / 1000])
}

const dead = mono(Number.NEGATIVE_INFINITY)
const converter = mono(-84)
const room = mono(-50)
const voice = mono(-26)

const cases: readonly (readonly [string, readonly SoundLevels[], readonly (readonly [StreamFault, number])[]])[] = [
  ['a cut cable', [...times(5, voice), ...times(20, dead)], [['SOUND_SILENT', 5]]],
  ['a converter without a microphone', times(20, converter), [['SOUND_SILENT', 0]]],
  ['a second less than the limit', times(19, dead), []],
  ['silence that was over', [...times(30, dead), room], []],
  ['the noise of a real room at -50 dB', times(240, room), []],
  ['a room without a word for five minutes', times(300, room), [['SOUND_TOO_QUIET', 0]]],
  ['a room in which somebody spoke', [...times(200, room), voice, ...times(200, room)], []],
  ['a voice on the left alone', times(30, stereo(-26, -90)), [['SOUND_ONE_SIDED', 0]]],
  [
    'a voice on the right alone, with pauses',
    [...times(60, stereo(-62, -26)), stereo(-62, -60)],
    [['SOUND_ONE_SIDED', 0]],
  ],
  ['a voice nearer to one microphone', times(60, stereo(-26, -40)), []],
  ['a guest on the left who spoke for a while', [...times(29, stereo(-26, -60)), stereo(-26, -26)], []],
  ['sides that change', [...times(20, stereo(-26, -90)), ...times(20, stereo(-90, -26))], []],
  ['the same voice on both', times(60, stereo(-26, -26)), []],
  ['noise on one side of an empty room', times(60, stereo(-55, -90)), []],
  ['mono', times(60, voice), []],
  ['distortion', [...times(5, voice), ...times(10, stereo(-3, -3, 0.02))], [['SOUND_CLIPPED', 5]]],
  ['a dropped microphone', [...times(30, voice), ...times(2, stereo(-3, -3, 0.02)), ...times(5, voice)], []],
  ['distortion that is over', [...times(20, stereo(-3, -3, 0.02)), ...times(28, stereo(-20, -20))], []],
]

describe('of sounds', () => {
  it.each(cases)('%s is judged right', (_name, seconds, expected) => {
    expect(judged(seconds)).toEqual(expected)
  })

  it('a minute of white noise at -50 dB is no fault, measured from its samples', () => {
    const random = seededRandom(7)
    const amplitude = 10 ** (-50 / 20) * Math.sqrt(3)
    const noise = measured(
      pcm(60, 2, () => (random() * 2 - 1) * amplitude),
      2,
    )
    expect(noise[30]?.rmsDb[0]).toBeCloseTo(-50, 0)
    expect(judged(noise)).toEqual([])
  })
})
