import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readText } from '../../../archive/cli/commands/options.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'options-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function file(bytes: Buffer): string {
  const path = join(folder, 'agenda.csv')
  writeFileSync(path, bytes)
  return path
}

describe('a file that a clerk hands in', () => {
  it.each([
    ['UTF-8', Buffer.from('1;Café – één', 'utf8')],
    ['UTF-16 with its mark', Buffer.from('\ufeff1;Café – één', 'utf16le')],
    ['Windows-1252, as spreadsheets save', Buffer.from('1;Caf\xe9 \x96 \xe9\xe9n', 'latin1')],
  ])('is read in %s', (_encoding, bytes) => {
    expect(readText(file(bytes)).replace('\ufeff', '')).toBe('1;Café – één')
  })

  it('is refused when it is not text at all', () => {
    const path = file(Buffer.from('PK\x03\x04\x14\x00\x00\x00', 'latin1'))
    expect(() => readText(path)).toThrow(`The file ${path} is not plain text.`)
  })

  it('is refused when it is not there', () => {
    expect(() => readText(join(folder, 'none'))).toThrow('cannot be read')
  })
})
