import { expect, it } from 'vitest'
import { readmeViolations } from '../../support/house/readmes.ts'
import { readTree } from '../../support/house/tree.ts'

it('finds a README of at most a page in every folder of code of the tree', () => {
  expect(readmeViolations(readTree())).toEqual([])
})

it('misses the README of a folder of code', () => {
  const paths = [
    'archive/core/ids.ts',
    'ingest/gate.ts',
    'ingest/rtmp/server.ts',
    'ingest/README.md',
    'site/src/a/b.astro',
  ]
  expect(readmeViolations(paths.map((path) => ({ path, text: '' })))).toEqual([
    'archive/core has no README.md',
    'ingest/rtmp has no README.md',
    'site has no README.md',
  ])
})

it('refuses a README over a page', () => {
  expect(readmeViolations([{ path: 'ingest/README.md', text: 'x\n'.repeat(81) }])).toEqual([
    'ingest/README.md has 81 lines, over 80',
  ])
})
