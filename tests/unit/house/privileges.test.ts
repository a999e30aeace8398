import { describe, expect, it } from 'vitest'
import {
  catalogueViolations,
  environmentViolations,
  locationViolations,
  spawnViolations,
} from '../../support/house/privileges.ts'
import { readTree } from '../../support/house/tree.ts'

describe('the environment', () => {
  it('is read in one file of the tree', () => {
    expect(environmentViolations(readTree())).toEqual([])
  })

  it.each([
    'process.env.HEMICYCLE_DATA',
    `process['env']`,
    'globalThis.process.env',
    'const { env } = process',
    'const { env: all } = process',
    `import { env } from 'node:process'`,
    `import { env as all } from 'process'`,
    'import.meta.env.HEMICYCLE_DATA',
  ])('is not to be read by %s', (text) => {
    expect(environmentViolations([{ path: 'site/src/page.ts', text }])).toEqual([
      'site/src/page.ts:1 reads the environment',
    ])
  })

  it('may be read where settings are, and by tests', () => {
    const text = 'process.env.PATH'
    expect(environmentViolations([{ path: 'archive/core/config.ts', text }])).toEqual([])
    expect(environmentViolations([{ path: 'tests/support/product.ts', text }])).toEqual([])
  })
})

describe('constants of the site', () => {
  const page = { path: 'site/src/page.ts', text: 'import.meta.env.STYLES' }

  it('are no environment when the build defines them', () => {
    const config = { path: 'site/astro.config.ts', text: `define: { 'import.meta.env.STYLES': '[]' }` }
    expect(environmentViolations([page, config])).toEqual([])
    expect(environmentViolations([page, { ...config, text: '' }])).toEqual(['site/src/page.ts:1 reads the environment'])
  })

  it('that Astro defines are no environment', () => {
    expect(environmentViolations([{ ...page, text: 'import.meta.env.DEV' }])).toEqual([])
  })
})

describe('files', () => {
  it('are not looked for next to a module of archive in the tree', () => {
    expect(locationViolations(readTree())).toEqual([])
  })

  it.each([
    'import.meta.url',
    'import.meta.dirname',
    'import.meta.filename',
    '__dirname',
    `import.meta.resolve('./x')`,
  ])('are not to be found by %s in archive', (text) => {
    expect(locationViolations([{ path: 'archive/catalog/migrations.ts', text }])).toEqual([
      'archive/catalog/migrations.ts:1 looks for files next to itself',
    ])
    expect(locationViolations([{ path: 'archive/cli/main.ts', text }])).toEqual([])
  })
})

describe('programs', () => {
  it('are started in one folder of the tree', () => {
    expect(spawnViolations(readTree())).toEqual([])
  })

  it.each([
    [`import { spawn } from 'node:child_process'`, 'spawn from node:child_process'],
    [`import { type ChildProcess, execFile as run } from 'child_process'`, 'execFile from child_process'],
    [`import * as processes from 'node:child_process'`, '* from node:child_process'],
    [`import processes from 'node:child_process'`, 'default from node:child_process'],
    [`const { exec } = await import('node:child_process')`, '* from node:child_process'],
    [`const { exec } = process.getBuiltinModule('node:child_process')`, '* from node:child_process'],
    [`export { execSync } from 'node:child_process'`, 'execSync from node:child_process'],
    [`import { fork } from 'node:child_process'`, 'fork from node:child_process'],
    [`import ffmpeg from 'fluent-ffmpeg'`, 'default from fluent-ffmpeg'],
  ])('are not to be started by %s', (text, taken) => {
    expect(spawnViolations([{ path: 'ingest/gate.ts', text }])).toEqual([`ingest/gate.ts:1 takes ${taken}`])
  })

  it('may be started by the ffmpeg folder', () => {
    expect(
      spawnViolations([{ path: 'transcode/ffmpeg/run.ts', text: `import { spawn } from 'node:child_process'` }]),
    ).toEqual([])
  })

  it('are not meant when only types are imported', () => {
    const text = `import type { ChildProcess } from 'node:child_process'\nimport { type Serializable } from 'node:child_process'`
    expect(spawnViolations([{ path: 'ingest/gate.ts', text }])).toEqual([])
  })

  it.each(['archive/cli/supervisor.ts', 'archive/cli/supervisor-restart.ts', 'archive/transcripts/engine.ts'])(
    'of our own may be forked by %s, others not',
    (path) => {
      expect(spawnViolations([{ path, text: `import { fork } from 'node:child_process'` }])).toEqual([])
      expect(spawnViolations([{ path, text: `import { fork, spawn } from 'node:child_process'` }])).toHaveLength(1)
    },
  )
})

describe('the catalogue', () => {
  const text = `import { openCatalog } from '#archive/catalog/catalog.ts'`

  it('is opened where the tree allows it', () => {
    expect(catalogueViolations(readTree())).toEqual([])
  })

  it('is not opened on the main thread of live or edge', () => {
    expect(catalogueViolations([{ path: 'ingest/main.ts', text }])).toEqual([
      'ingest/main.ts:1 opens the catalogue outside a thread of its own',
    ])
    expect(catalogueViolations([{ path: 'site/edge/catalogue-thread.ts', text }])).toEqual([])
  })

  it('is opened by one module of the site', () => {
    const sources = ['site/src/catalogue.ts', 'site/src/search.ts'].map((path) => ({ path, text }))
    expect(catalogueViolations(sources)).toEqual([
      'site/src/search.ts:1 opens the catalogue; site/src/catalogue.ts does it for the whole site',
    ])
  })
})
