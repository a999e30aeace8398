import { expect, it } from 'vitest'
import { purityViolations } from '../../support/house/purity.ts'
import { readTree } from '../../support/house/tree.ts'

it('finds nothing impure in the pure layers of the tree', () => {
  expect(purityViolations(readTree())).toEqual([])
})

it.each([
  ['Date.now()', 'calls Date.now in a pure layer'],
  ['new Date()', "reads the system's clock in a pure layer"],
  ['performance.now()', 'calls performance.now in a pure layer'],
  ['globalThis.setTimeout(f, 1)', 'calls globalThis.setTimeout in a pure layer'],
  ['Math.random()', 'calls Math.random in a pure layer'],
  [`import { readFileSync } from 'node:fs'`, 'imports node:fs in a pure layer'],
  [`await import('node:net')`, 'imports node:net in a pure layer'],
])('refuses %s', (text, problem) => {
  expect(purityViolations([{ path: 'archive/hls/timeline.ts', text }])).toEqual([
    `archive/hls/timeline.ts:1 ${problem}`,
  ])
  expect(purityViolations([{ path: 'archive/storage/timeline.ts', text }])).toEqual([])
})

it('allows a date made from a given time', () => {
  expect(purityViolations([{ path: 'archive/domain/day.ts', text: 'new Date(wallMs)' }])).toEqual([])
})
