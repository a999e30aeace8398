import { expect, it } from 'vitest'
import { licenceViolations } from '../../support/house/licences.ts'
import { readPackages } from '../../support/house/tree.ts'

const planted = (licence: string | null) => licenceViolations([{ name: 'x', licence }])

it('finds every dependency under a licence that goes with EUPL-1.2', () => {
  expect(licenceViolations(readPackages())).toEqual([])
})

it('looks at the dependencies that there are', () => {
  const packages = readPackages()
  expect(packages.find(({ name }) => name === 'node-media-server')).toEqual({
    name: 'node-media-server',
    licence: 'Apache-2.0',
  })
  expect(packages.find(({ name }) => name === 'vitest')).toEqual({ name: 'vitest', licence: 'MIT' })
})

it.each([
  'SSPL-1.0',
  'BUSL-1.1',
  'CC-BY-NC-4.0',
  'UNLICENSED',
  'SEE LICENSE IN LICENSE',
  'MIT AND SSPL-1.0',
  '(MIT AND SSPL-1.0) OR BUSL-1.1',
  '',
])('refuses a dependency under %s', (licence) => {
  expect(planted(licence)).toEqual([`x is under ${licence}`])
})

it('refuses a dependency that states no licence', () => {
  expect(planted(null)).toEqual(['x is under no stated licence'])
})

it.each(['MIT', '(MIT OR SSPL-1.0)', 'Apache-2.0 AND LGPL-3.0-or-later AND MIT', 'SSPL-1.0 OR (MIT AND ISC)'])(
  'allows a dependency under %s',
  (licence) => {
    expect(planted(licence)).toEqual([])
  },
)

it('allows an exception with its reason, and refuses one for nothing', () => {
  expect(licenceViolations([{ name: 'x', licence: null }], { x: 'MIT in its LICENSE file' })).toEqual([])
  expect(licenceViolations([], { x: 'MIT in its LICENSE file' })).toEqual([
    'x is an exception for a package that is not used',
  ])
})
