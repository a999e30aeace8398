import { expect, it } from 'vitest'
import { assertionViolations } from '../../support/house/assertions.ts'
import { readTree } from '../../support/house/tree.ts'

const planted = (text: string) => assertionViolations([{ path: 'tests/unit/x.test.ts', text }])

it('finds no test in the tree that could not fail', () => {
  expect(assertionViolations(readTree())).toEqual([])
})

it.each([
  [`it('x', () => { run() })`, 'asserts nothing'],
  [`test('x', async () => { await run() })`, 'asserts nothing'],
  [`it.each([1])('x', () => { run() })`, 'asserts nothing'],
  [`it.skipIf(isRoot)('x', () => { run() })`, 'asserts nothing'],
  ['it.each`a`("x", () => { run() })', 'asserts nothing'],
  [`it('x', function () { expecting() })`, 'asserts nothing'],
  [`it('x', () => { expect.hasAssertions() })`, 'asserts nothing'],
  [`it('x', run)`, 'has no body of its own'],
  [`it.skip('x', () => { expect(1).toBe(1) })`, 'does not run or runs alone'],
  [`it.todo('x')`, 'does not run or runs alone'],
  [`describe.only('x', () => {})`, 'does not run or runs alone'],
])('refuses %s', (text, problem) => {
  expect(planted(text)).toEqual([`tests/unit/x.test.ts:1 ${problem}`])
})

it('refuses an expectation without a matcher', () => {
  expect(planted(`it('x', () => {\n  expect(1).toBe(1)\n  expect(2)\n})`)).toEqual([
    'tests/unit/x.test.ts:3 expects without a matcher',
  ])
})

it.each([
  `it('x', () => { expect(run()).not.toBe(1) })`,
  `it('x', async () => { await expect(run()).rejects.toThrow() })`,
  `it('x', async () => { await expect.poll(() => run()).toBe(1) })`,
  `it('x', () => { expectPlaying(page) })`,
  `it('x', () => { page.expectPlaying() })`,
  `it('x', () => { assert.equal(1, 1) })`,
  `it('x', () => { for (const y of z) expect(y).toBe(1) })`,
  `it.each([1])('x', () => { expect(1).toBe(1) })`,
  `it.skipIf(isRoot)('x', () => { expect(1).toBe(1) })`,
])('allows %s', (text) => {
  expect(planted(text)).toEqual([])
})
