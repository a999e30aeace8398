import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Catalog, openCatalog } from '#archive/catalog/catalog.ts'
import type { Outcome } from '#archive/core/errors.ts'
import { createOperations } from '#archive/operations/create-operations.ts'
import { createLiveControl, type LiveRequest } from '#archive/operations/live-control.ts'
import type { AddedMeeting, Operations } from '#archive/operations/operations.ts'
import type { SearchResult } from '#archive/search/search-index.ts'
import { listenAsLive } from './control-server.ts'

/** 19:30 in Brussels. */
export const eveningMs = Date.UTC(2026, 10, 23, 18, 30)

export interface Desk {
  readonly operations: Operations
  readonly catalog: Catalog
  readonly file: string
  readonly requests: readonly LiveRequest[]
  /** The clock stands still until it is moved. */
  readonly clock: { nowMs: number }
}

export interface DeskOptions {
  /** What *live* answers; it does as it is told when absent, and is not there at all when null. */
  readonly live?: ((request: LiveRequest, catalog: Catalog) => Record<string, unknown>) | null
  readonly found?: Outcome<readonly SearchResult[]>
}

const obedient = (): Record<string, unknown> => ({ ok: true, state: 'live', rooms: [] })

export async function openDesk({ live = obedient, found = { ok: true, value: [] } }: DeskOptions = {}): Promise<Desk> {
  const folder = mkdtempSync(join(tmpdir(), 'hemicycle-desk-'))
  const file = join(folder, 'catalogue.sqlite')
  const catalog = await openCatalog({ file })
  onTestFinished(async () => {
    await catalog.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const server = live ? await listenAsLive((request) => live(request, catalog)) : null
  const clock = { nowMs: eveningMs }
  const operations = createOperations({
    catalog,
    live: createLiveControl(server?.path ?? join(folder, 'nobody.sock')),
    search: { query: async () => found },
    clock: { wallMs: () => clock.nowMs, monotonicMs: () => clock.nowMs },
    config: { publicUrl: 'https://raad.example', timeZone: 'Europe/Brussels', language: 'nl' },
  })
  return { operations, catalog, file, requests: server?.requests ?? [], clock }
}

export function done<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.code}: ${outcome.message}`)
  return outcome.value
}

/** A council with a key, and its meeting of the evening with three items. */
export async function planEvening({ operations }: Desk): Promise<AddedMeeting> {
  done(await operations.addBody({ name: 'Gemeenteraad' }))
  done(await operations.addKey({ body: 'gemeenteraad' }))
  const agenda = ['Notulen', 'Mobiliteitsplan', 'Varia'].map((title) => ({ number: null, title, public: true }))
  return done(
    await operations.addMeeting({ body: 'gemeenteraad', title: 'Gemeenteraad', at: '2026-11-23T19:30', agenda }),
  )
}
