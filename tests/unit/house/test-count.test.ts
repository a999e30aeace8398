import { expect, it } from 'vitest'
import { countTier } from '../../../.ci/test.ts'

const file = (status: string, tests: number) => ({ status, assertionResults: Array(tests).fill({}) })
const report = (passed: number, failed: number, testResults = [file('passed', 1)]) => ({
  numPassedTests: passed,
  numFailedTests: failed,
  testResults,
})

it.each([
  ['a run in which all is well', report(3, 0), 0, { passed: 3, failed: 0 }],
  ['failed tests', report(3, 2), 1, { passed: 3, failed: 2 }],
  ['a file that could not be loaded', report(3, 0, [file('failed', 0)]), 1, { passed: 3, failed: 1 }],
  ['an error outside every test', report(3, 0), 1, { passed: 3, failed: 1 }],
  ['a crash before the report', null, 139, { passed: 0, failed: 1 }],
  ['a run ended by a signal', null, null, { passed: 0, failed: 1 }],
  ['a good end without a report', null, 0, { passed: 0, failed: 1 }],
] as const)('counts %s', (_, seen, exitCode, count) => {
  expect(countTier(seen, exitCode)).toEqual(count)
})
