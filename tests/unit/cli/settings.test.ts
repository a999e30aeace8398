import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readConfig } from '#archive/core/config.ts'

let file = ''
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), 'settings-')), 'hemicycle.env')
})
afterEach(() => rmSync(join(file, '..'), { recursive: true }))

function config(text: string, environment: NodeJS.ProcessEnv = {}) {
  writeFileSync(file, text)
  return readConfig({ ...environment, HEMICYCLE_SETTINGS: file })
}

describe('the settings file', () => {
  it('is overruled by the environment', () => {
    expect(config('HEMICYCLE_LADDER=none\n', { HEMICYCLE_LADDER: '360p' }).ladder).toBe('360p')
  })

  it('is not hidden by a variable that is empty', () => {
    expect(config('HEMICYCLE_LADDER=none\n', { HEMICYCLE_LADDER: '' }).ladder).toBe('none')
  })

  it('may hold nothing but settings: a misspelt name is told', () => {
    expect(() => config('HEMICYLE_LADDER=none\n')).toThrow('HEMICYLE_LADDER: there is no such setting')
  })
})
