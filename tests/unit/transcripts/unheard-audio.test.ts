import { expect, test } from 'vitest'
import { UnheardAudio } from '#archive/transcripts/unheard-audio.ts'

const ramp = (from: number, count: number) => Float32Array.from({ length: count }, (_, index) => from + index)

function filled(): UnheardAudio {
  const audio = new UnheardAudio()
  audio.append(ramp(1, 4))
  audio.append(ramp(5, 4))
  return audio
}

test('what was not forgotten is sent again, from the exact sample', () => {
  const audio = filled()
  audio.forget(2)
  expect([...audio.pieces()].map((piece) => [...piece])).toEqual([
    [3, 4],
    [5, 6, 7, 8],
  ])
  audio.forget(5)
  audio.forget(1)
  expect(audio.start).toBe(5)
  expect(audio.lengthSamples).toBe(3)
  expect([...audio.pieces()].map((piece) => [...piece])).toEqual([[6, 7, 8]])
})

test('a muted stretch is silence across pieces, and stays in place when what is before it is forgotten', () => {
  const audio = filled()
  audio.mute({ from: 3, to: 6 })
  expect([...audio.pieces()].map((piece) => [...piece])).toEqual([
    [1, 2, 3, 0],
    [0, 0, 7, 8],
  ])
  audio.forget(4)
  expect([...audio.pieces()].map((piece) => [...piece])).toEqual([[0, 0, 7, 8]])
})

test('nothing beyond the end can be forgotten', () => {
  const audio = filled()
  audio.forget(100)
  expect([audio.start, audio.lengthSamples]).toEqual([8, 0])
})
