import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { errorCodes } from '#archive/core/error-codes.ts'
import { errorsPage, pages, settingsPage } from '../../../.ci/references.ts'
import { unusedErrorCodes } from '../../support/house/error-code-use.ts'
import { projectRoot, readTree } from '../../support/house/tree.ts'

describe('reference pages', () => {
  it.each(Object.entries(pages))('%s is what `node .ci/references.ts` writes', (file, render) => {
    expect(readFileSync(join(projectRoot, file), 'utf8')).toBe(render())
  })

  it('change with an error code, its words, and whether it passes', () => {
    const facts = { summary: 'The line is cut.', hint: 'Wait | look.', retryable: true }
    expect(errorsPage({ LINE_CUT: facts })).toContain('| `LINE_CUT` | The line is cut. | Wait \\| look. | yes |\n')
    expect(errorsPage({ LINE_CUT: { ...facts, retryable: false } })).toContain('| no |\n')
  })

  it('change with a setting, its default, its bounds and its words', () => {
    const schema = z.object({
      A: z.coerce.number().int().min(1).max(9).default(3).describe('How many.'),
      B: z.enum(['x', 'y']).optional().describe('Which.'),
      C: z.string().describe('Needed.'),
    })
    expect(settingsPage(schema)).toContain(
      '| `A` | `3` | 1 to 9 | How many. |\n| `B` |  | `x`, `y` | Which. |\n| `C` | none: it must be given |  | Needed. |\n',
    )
  })

  it('describe every setting', () => {
    expect(settingsPage()).not.toContain('|  |\n')
  })
})

describe('error codes', () => {
  it('are all used by the product', () => {
    expect(unusedErrorCodes(Object.keys(errorCodes), readTree())).toEqual([])
  })

  it('count as unused when only the list, a test or a longer code names them', () => {
    const sources = [
      { path: 'archive/core/error-codes.ts', text: `'LINE_CUT'` },
      { path: 'tests/unit/line.test.ts', text: `'LINE_CUT'` },
      { path: 'ingest/gate.ts', text: `'LINE_CUT_TWICE' LINE_CUT` },
    ]
    expect(unusedErrorCodes(['LINE_CUT'], sources)).toEqual(['LINE_CUT'])
    expect(unusedErrorCodes(['LINE_CUT'], [...sources, { path: 'site/x.ts', text: `refuse('LINE_CUT')` }])).toEqual([])
  })
})
