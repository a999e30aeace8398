import { expect, it } from 'vitest'
import { fileShapeViolations, ninthDecile } from '../../support/house/file-shape.ts'
import { readTree } from '../../support/house/tree.ts'

it('finds no file in the tree that is too long, badly named, media or unfinished', () => {
  expect(fileShapeViolations(readTree())).toEqual([])
})

it('finds nine tenths of the files within 300 lines', () => {
  expect(ninthDecile(readTree())).toBeLessThanOrEqual(300)
})

const later = ['TO', 'DO'].join('')

it.each([
  ['archive/core/long.ts', 'x\n'.repeat(501), 'archive/core/long.ts has 501 lines, over 500'],
  ['site/src/MeetingPage.astro', '', 'site/src/MeetingPage.astro: MeetingPage.astro is not kebab-case'],
  ['ingest/rtmp_server.ts', '', 'ingest/rtmp_server.ts: rtmp_server.ts is not kebab-case'],
  ['archive/core/utils.ts', '', 'archive/core/utils.ts: utils.ts is a drawer; name the thing it holds'],
  ['archive/common/ids.ts', '', 'archive/common/ids.ts: common is a drawer; name the thing it holds'],
  [
    'tests/support/helpers.test.ts',
    '',
    'tests/support/helpers.test.ts: helpers.test.ts is a drawer; name the thing it holds',
  ],
  ['tests/fixtures/chamber.mp4', '', 'tests/fixtures/chamber.mp4 is media: tests generate what they need'],
  ['ingest/gate.ts', `x\n// ${later}: shut`, `ingest/gate.ts:2 says ${later}`],
])('refuses %s', (path, text, violation) => {
  expect(fileShapeViolations([{ path, text }])).toEqual([violation])
})

it('allows 500 lines, and the names that routes and declarations have', () => {
  const paths = [
    'site/src/pages/meetings/[slug].astro',
    'site/src/pages/[...rest].ts',
    'site/src/env.d.ts',
    '.ci/test.ts',
  ]
  expect(fileShapeViolations(paths.map((path) => ({ path, text: 'x\n'.repeat(500) })))).toEqual([])
})
