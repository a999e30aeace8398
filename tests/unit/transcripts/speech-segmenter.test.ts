import { expect, test } from 'vitest'
import { SpeechSegmenter, windowSamples } from '#archive/transcripts/speech-segmenter.ts'
import { LevelDetector } from '#tests/support/level-detector.ts'

const rate = 16_000
const silence = (seconds: number) => new Float32Array(seconds * rate)
const speech = (seconds: number) => new Float32Array(seconds * rate).fill(0.5)

function hear(pieces: readonly Float32Array[]) {
  const detector = new LevelDetector()
  const segmenter = new SpeechSegmenter(detector)
  const stretches = [...pieces.flatMap((piece) => segmenter.push(piece)), ...segmenter.finish()]
  return { detector, segmenter, stretches }
}

test('the detector gets windows of its size only, whatever the pieces', () => {
  const { detector } = hear([silence(0.01), speech(0.7), silence(0.333)])
  expect(new Set(detector.windows)).toEqual(new Set([windowSamples]))
})

test('a stretch has a pre-roll of half a second and ends where speech ends', () => {
  const { stretches } = hear([silence(2), speech(1), silence(1)])
  expect(stretches.map(({ from, to, samples }) => [from, to, samples.length])).toEqual([
    [31_744 - 8000, 48_128, 48_128 - 31_744 + 8000],
  ])
  expect(stretches[0]?.samples.subarray(0, 8000).every((sample) => sample === 0)).toBe(true)
})

test('dense speech is cut at 24 s and no sample is lost or heard twice', () => {
  const { stretches } = hear(Array.from({ length: 100 }, () => speech(1)))
  expect(stretches.length).toBe(5)
  expect(stretches.every(({ samples }) => samples.length <= 24.5 * rate)).toBe(true)
  expect(stretches.map(({ from }) => from)).toEqual([0, ...stretches.slice(0, -1).map(({ to }) => to)])
  expect(stretches.at(-1)?.to).toBe(100 * rate)
})

test('in silence only a second is kept', () => {
  const segmenter = new SpeechSegmenter(new LevelDetector())
  for (let second = 0; second < 600; second++) segmenter.push(silence(1))
  expect(segmenter.consumed).toBeGreaterThanOrEqual(598 * rate)
})

test('nothing at all gives nothing', () => {
  expect(hear([]).stretches).toEqual([])
  expect(hear([silence(0.001)]).stretches).toEqual([])
})
