import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newId } from '#archive/core/ids.ts'
import { type KeptState, readStateFile, writeStateFile } from '../../../ingest/state/state-file.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'state-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const meeting = newId<'meeting'>()
const closed: KeptState = { state: 'closed', recording: newId(), openedAtMs: null }

describe('the state file', () => {
  it('gives back what was written, and leaves nothing else behind', () => {
    const path = join(folder, 'state', 'live.json')
    writeStateFile(path, new Map([[meeting, closed]]))
    expect(readStateFile(path)).toEqual({ kind: 'read', states: new Map([[meeting, closed]]) })
    expect(readdirSync(join(folder, 'state'))).toEqual(['live.json'])
  })

  it('is empty, not unreadable, before the first press', () => {
    expect(readStateFile(join(folder, 'none.json'))).toEqual({ kind: 'read', states: new Map() })
  })

  it('is unreadable where something else stands in its place or on the way to it', () => {
    mkdirSync(join(folder, 'live.json'))
    writeFileSync(join(folder, 'state'), '')
    expect(readStateFile(join(folder, 'live.json')).kind).toBe('unreadable')
    expect(readStateFile(join(folder, 'state', 'live.json')).kind).toBe('unreadable')
  })

  it.each(['', '{', '[]', '{"version":2,"meetings":{}}', '{"version":1,"meetings":{"a":{"state":"open"}}}', '\u0000'])(
    'is unreadable when it holds %j',
    (text) => {
      const path = join(folder, 'live.json')
      writeFileSync(path, text)
      expect(readStateFile(path).kind).toBe('unreadable')
    },
  )
})
