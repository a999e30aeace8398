import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { newId } from '#archive/core/ids.ts'
import { createLog } from '#archive/core/log.ts'
import { until } from '#tests/support/until.ts'
import { createCatalogueLink } from '../../../ingest/catalogue/catalogue-link.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'link-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

it('a catalogue thread that replaces a dead one knows what the catalogue has taken already', async () => {
  const threads: Worker[] = []
  let directories = 0
  const link = createCatalogueLink({
    file: join(folder, 'catalogue.sqlite'),
    timeZone: 'Europe/Brussels',
    log: createLog('test', 'silent'),
    onDirectory: () => {
      directories += 1
    },
    onThread: (thread) => threads.push(thread),
  })
  const meeting = newId<'meeting'>()
  link.tell({ kind: 'command', command: { id: newId(), meeting, atMs: 1, by: 'cli', action: { kind: 'closed' } } })
  expect(link.inFlight(meeting)).toBe(true)
  await until('the catalogue has taken it', () => !link.inFlight(meeting))
  await threads[0]?.terminate()
  const before = directories
  await until('another thread has read the directory', () => threads.length === 2 && directories > before)
  expect(link.inFlight(meeting)).toBe(false)
  await link.close(5_000)
})
