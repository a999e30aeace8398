import { expect, test } from 'vitest'
import { scanFragments } from '#archive/storage/fragment-scan.ts'
import { audioSpec, firstSpan } from '#tests/support/journal.ts'
import { seeded } from '#tests/support/seeded.ts'
import { planSegment } from '#tests/support/spooling.ts'

const { bytes, parts } = planSegment({ span: firstSpan, n: 0, index: 2, partCount: 3 })

test('the fragments of a segment are its parts', () => {
  expect(scanFragments(bytes)).toEqual({
    wholeBytes: bytes.length,
    fragments: parts.map((part, p) => ({
      sizeBytes: part.length,
      durationTicks: 36_000,
      independent: p === 0,
      decodeTicks: 720_000 + p * 36_000,
    })),
  })
})

test('every part of sound is independent', () => {
  const audio = planSegment({ span: firstSpan, n: 0, index: 0, spec: audioSpec, partCount: 2 })
  expect(scanFragments(audio.bytes).fragments.map((part) => part.independent)).toEqual([true, true])
})

test('wherever a segment breaks off, the whole fragments before that are found', () => {
  for (let length = 0; length <= bytes.length; length += 13) {
    const ends = [0, 1, 2, 3].map((count) => Buffer.concat(parts.slice(0, count)).length)
    expect(scanFragments(bytes.subarray(0, length)).wholeBytes).toBe(ends.findLast((end) => end <= length))
  }
})

test('no bytes make it throw or claim more than there is', () => {
  const random = seeded(7)
  for (let round = 0; round < 2000; round++) {
    const mutated = Buffer.from(bytes.subarray(0, random.below(bytes.length)))
    for (let change = 0; change < 8 && mutated.length > 0; change++)
      mutated[random.below(mutated.length)] = random.below(256)
    const { wholeBytes } = scanFragments(mutated)
    expect(wholeBytes).toBeLessThanOrEqual(mutated.length)
  }
})
