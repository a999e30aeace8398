import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLog } from '#archive/core/log.ts'
import { until } from '#tests/support/until.ts'
import type { Note } from '../../../ingest/catalogue/outbox.ts'
import { watchSpoolRoom } from '../../../ingest/meeting/spool-room.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'room-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function watch(minFreeBytes: number) {
  const told: Note[] = []
  const log = createLog('test', 'silent')
  const watching = watchSpoolRoom({
    folder,
    minFreeBytes,
    everyMs: 20,
    tell: (note) => told.push(note),
    wallMs: () => 5.4,
    log,
  })
  return { told, watching }
}

describe('the room on the spool', () => {
  it('becomes an incident when there is less than asked for', async () => {
    const { told, watching } = watch(Number.MAX_SAFE_INTEGER)
    const note = await until('it is told', () => told[0])
    watching.stop()
    expect(note).toMatchObject({ kind: 'incident', incident: { code: 'SPOOL_LOW', atMs: 5 } })
    expect(told).toHaveLength(1)
  })

  it('is not spoken of while there is enough', async () => {
    const { told, watching } = watch(1)
    const other = watch(Number.MAX_SAFE_INTEGER)
    await until('the folder was looked at', () => other.told[0])
    watching.stop()
    other.watching.stop()
    expect(told).toEqual([])
  })
})
