import { expect, test } from 'vitest'
import { freeSlot, rowsPerMeeting, slotRange } from '#archive/search/meeting-slot.ts'
import { queryWords } from '#archive/search/query-words.ts'
import { relevance } from '#archive/search/relevance.ts'

test.each([
  ['brug', 'cue', 'brug', 2.6],
  ['brug', 'cue', 'bruggen', 2],
  ['brug', 'item', 'De brug', 5.85],
  ['de brug', 'cue', 'de brug', 3.9],
  ['de brug', 'cue', 'brug de', 2.6],
] as const)('%j in %s %j weighs %f', (q, kind, text, weight) => {
  expect(relevance(queryWords(q), kind, text)).toBeCloseTo(weight, 10)
})

test('row numbers follow the planned minute and stay exact in the year 2097', () => {
  const early = slotRange(Date.UTC(2026, 0, 1))
  const late = slotRange(Date.UTC(2096, 11, 31))
  expect(early.end).toBe(slotRange(Date.UTC(2026, 0, 1, 0, 1)).first)
  expect(Number.isSafeInteger(late.end)).toBe(true)
  expect(freeSlot(early, new Set([early.first]))).toBe(early.first + rowsPerMeeting)
})
