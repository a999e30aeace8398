import { expect, test } from 'vitest'
import { mostAttempts, retryDelayMs } from '#archive/jobs/job-kind.ts'

test('delays grow fourfold up to an hour', () => {
  const delays = Array.from({ length: mostAttempts - 1 }, (_, at) => retryDelayMs(at + 1) / 1000)
  expect(delays).toEqual([2, 8, 32, 128, 512, 2_048, 3_600])
})
