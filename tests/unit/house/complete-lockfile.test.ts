import { expect, it } from 'vitest'
import { completeLockfile } from '../../../.ci/complete-lockfile.ts'

it('adds the binaries of other platforms that the registry did not list', () => {
  const optionalDependencies = { '@x/cli-linux-arm64-musl': '1.2.3', '@x/cli-linux-x64': '1.2.3' }
  const { lockfile, added } = completeLockfile({
    packages: {
      '': {},
      'node_modules/@x/cli': { version: '1.2.3', optionalDependencies },
      'node_modules/@x/cli-linux-x64': {},
    },
  })
  expect(added).toEqual(['node_modules/@x/cli-linux-arm64-musl'])
  expect(lockfile.packages['node_modules/@x/cli-linux-arm64-musl']).toEqual({
    version: '1.2.3',
    os: ['linux'],
    cpu: ['arm64'],
    libc: ['musl'],
    optional: true,
  })
})

it('takes an entry nested in the package, or beside a package above it, for present', () => {
  const wants = { version: '1.0.0', optionalDependencies: { 'y-darwin-x64': '1.0.0' } }
  const nested = { 'node_modules/a': wants, 'node_modules/a/node_modules/y-darwin-x64': {} }
  const above = { 'node_modules/a/node_modules/b': wants, 'node_modules/a/node_modules/y-darwin-x64': {} }
  expect(completeLockfile({ packages: nested }).added).toEqual([])
  expect(completeLockfile({ packages: above }).added).toEqual([])
  expect(completeLockfile({ packages: { ...nested, 'node_modules/c': wants } }).added).toEqual([
    'node_modules/y-darwin-x64',
  ])
})

it('drops the addresses of the registry it was written from', () => {
  const { lockfile } = completeLockfile({
    packages: { 'node_modules/a': { version: '1.0.0', resolved: 'https://registry.example/a' } },
  })
  expect(lockfile).toEqual({ packages: { 'node_modules/a': { version: '1.0.0' } } })
})

it('refuses a range, whose version nobody has chosen', () => {
  const packages = { 'node_modules/a': { optionalDependencies: { 'y-darwin-x64': '^1.0.0' } } }
  expect(() => completeLockfile({ packages })).toThrow(
    'node_modules/a wants y-darwin-x64@^1.0.0, which is no exact version',
  )
})
