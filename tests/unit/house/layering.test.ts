import { expect, it } from 'vitest'
import { layeringViolations } from '../../support/house/layering.ts'
import { readTree } from '../../support/house/tree.ts'

const planted = (path: string, text: string) => layeringViolations([{ path, text }])

it('finds nothing in the tree that breaks the layering', () => {
  expect(layeringViolations(readTree())).toEqual([])
})

it('looks at a tree that has files in it', () => {
  expect(readTree().filter(({ path }) => path.startsWith('archive/')).length).toBeGreaterThan(10)
})

it.each([
  ['an import', `import { x } from '../../ingest/gate.ts'`],
  ['an import for its effects', `import '../../ingest/gate.ts'`],
  ['an import of a type', `import type { X } from '../../ingest/gate.ts'`],
  ['an inline type', `type X = import('../../ingest/gate.ts').X`],
  ['a re-export', `export { x } from '../../ingest/gate.ts'`],
  ['a re-export of everything', `export * from '../../ingest/gate.ts'`],
  ['a re-export of a type', `export type { X } from '../../ingest/gate.ts'`],
  ['a dynamic import', `const x = await import('../../ingest/gate.ts')`],
  ['a dynamic import in a template', 'const x = await import(`../../ingest/gate.ts`)'],
  ['a thread', `new Worker(new URL('../../ingest/gate.ts', import.meta.url))`],
  ['require', `const x = require('../../ingest/gate.ts')`],
  ['an alias that leaves the folder', `import { x } from '#archive/../ingest/gate.ts'`],
])('refuses that archive reaches a sibling by %s', (_, text) => {
  expect(planted('archive/domain/meeting.ts', text)).toEqual([
    'archive/domain/meeting.ts:1 imports ingest/gate.ts: archive imports no sibling',
  ])
})

it('refuses an import whose address is computed', () => {
  expect(planted('site/src/page.ts', `const x = await import('#archive/' + name)`)).toEqual([
    'site/src/page.ts:1 imports an address that is computed',
  ])
})

it('allows a composition root to load what the build has written', () => {
  expect(planted('site/main.ts', 'await import(pathToFileURL(entry).href)')).toEqual([])
})

it('refuses that ingest, transcode and site know each other', () => {
  expect(planted('ingest/gate.ts', `import { x } from '../transcode/ffmpeg/run.ts'`)).toEqual([
    'ingest/gate.ts:1 imports transcode/ffmpeg/run.ts: ingest and transcode do not know each other',
  ])
  expect(planted('site/src/pages/index.astro', `---\nimport { x } from '../../../ingest/gate.ts'\n---\n<p />`)).toEqual(
    ['site/src/pages/index.astro:2 imports ingest/gate.ts: site and ingest do not know each other'],
  )
})

it('refuses that an import in the script of a page reaches a sibling', () => {
  const page = `---\n---\n<p>it's</p>\n<script>\nimport '../../../transcode/ladder.ts'\n</script>`
  expect(planted('site/src/pages/index.astro', page)).toEqual([
    'site/src/pages/index.astro:5 imports transcode/ladder.ts: site and transcode do not know each other',
  ])
})

it('refuses a relative way out of a folder, also into archive', () => {
  expect(planted('ingest/gate.ts', `import { x } from '../archive/core/ids.ts'`)).toEqual([
    'ingest/gate.ts:1 imports archive/core/ids.ts: from another folder archive is imported as #archive/…',
  ])
  expect(planted('ingest/gate.ts', `import '../../elsewhere/x.ts'`)).toEqual([
    'ingest/gate.ts:1 imports ../elsewhere/x.ts: the product imports its own folders and packages only',
  ])
})

it('refuses that the product imports tests', () => {
  expect(planted('ingest/main.ts', `import { until } from '#tests/support/until.ts'`)).toEqual([
    'ingest/main.ts:1 imports tests/support/until.ts: the product imports its own folders and packages only',
  ])
})

it('allows composition roots their siblings, and nobody next to them', () => {
  const text = `import { run } from '../transcode/ffmpeg/run.ts'`
  expect(planted('ingest/main.ts', text)).toEqual([])
  expect(planted('ingest/catalogue-thread.ts', text)).toHaveLength(1)
  expect(planted('ingest/decoder-child.ts', text)).toHaveLength(1)
})

it('allows the supervisor to name the processes it starts', () => {
  expect(planted('archive/cli/supervisor.ts', `new URL('../../ingest/main.ts', import.meta.url)`)).toEqual([])
})

it.each([
  ['core', '../domain/meeting.ts', 'domain'],
  ['domain', '../catalog/towns.ts', 'catalog'],
  ['hls', '../storage/folder-store.ts', 'storage'],
  ['captions', '../transcripts/cues.ts', 'transcripts'],
  ['catalog', '../operations/meetings.ts', 'operations'],
  ['search', '../retention/sweep.ts', 'retention'],
  ['operations', '../cli/command.ts', 'cli'],
])('refuses that archive/%s imports %s', (folder, specifier, target) => {
  const file = `archive/${folder}/thing.ts`
  expect(planted(file, `export type { X } from '${specifier}'`)).toEqual([
    `${file}:1 imports archive/${specifier.slice(3)}: ${folder} stands below ${target}`,
  ])
})

it('allows layers of archive what stands beside and below them', () => {
  expect(planted('archive/catalog/towns.ts', `import '../core/ids.ts'\nimport '../jobs/queue.ts'`)).toEqual([])
})

it('refuses a folder of archive that no layer names', () => {
  expect(planted('archive/extras/thing.ts', '')).toEqual(['archive/extras/thing.ts belongs to no layer of archive'])
})
