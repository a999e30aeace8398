import { AsyncLocalStorage } from 'node:async_hooks'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Kysely } from 'kysely'
import { systemClock } from '../core/clock.ts'
import { AppError } from '../core/errors.ts'
import type { TownId } from '../core/ids.ts'
import { isBusy, isUnreadable, openConnection, unreadable } from './connection.ts'
import { nodeSqliteDialect } from './dialect.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations.ts'
import type { Tables } from './tables.ts'
import type { TownDb } from './town-db.ts'
import { townScope } from './town-scope.ts'
import { openTown } from './towns.ts'

/** The database of one town. Open it once in a process; not on the main thread of *live* or *edge*: it is synchronous. */
export interface Catalog {
  readonly town: TownId
  /**
   * One transaction that holds the write lock from its beginning; what throws is rolled back. Writers of this process
   * take turns. Await nothing but the database in it: every other process waits.
   */
  write<T>(work: (db: TownDb) => Promise<T>): Promise<T>
  /** One snapshot: whatever is written meanwhile, the reads of `work` agree with each other. */
  read<T>(work: (db: TownDb) => Promise<T>): Promise<T>
  /** A number that differs after any process, this one included, has written. Costs microseconds: poll it. */
  changed(): number
  close(): Promise<void>
}

export interface CatalogOptions {
  readonly file: string
  /** Slug of the town; the only one when absent. */
  readonly town?: string
}

const onlyTown = 'town'

/**
 * Opens the catalogue, making or migrating it first; waits while another process does that.
 * @throws AppError CATALOGUE_NEWER, CATALOGUE_UNREADABLE, CATALOGUE_BUSY
 */
export async function openCatalog({ file, town = onlyTown }: CatalogOptions): Promise<Catalog> {
  makeFolder(file)
  const nowMs = Math.round(systemClock().wallMs())
  await migrate(file, migrations, nowMs)
  const writerConnection = openConnection(file, 'write')
  const readerConnection = openConnection(file, 'read')
  const writer = new Kysely<Tables>({ dialect: nodeSqliteDialect(writerConnection) })
  const reader = new Kysely<Tables>({ dialect: nodeSqliteDialect(readerConnection) })
  const townId = await patiently(() => writer.transaction().execute((trx) => openTown(trx, town, nowMs)))
  const scope = townScope(townId)
  const version = readerConnection.prepare('PRAGMA data_version')
  const turns = createTurns()

  return {
    town: townId,
    write: (work) =>
      turns.take(() =>
        patiently(() => writer.transaction().execute((trx) => work({ town: townId, sql: trx.withPlugin(scope) }))),
      ),
    read: (work) =>
      reader
        .transaction()
        .setAccessMode('read only')
        .execute((trx) => work({ town: townId, sql: trx.withPlugin(scope) })),
    // The reader never writes: to it this process's own writes are another connection's, and count.
    changed: () => Number(version.get()?.data_version),
    close: async () => {
      await turns.take(async () => {
        await reader.destroy()
        await writer.destroy()
        // Kysely leaves a connection open that it has never used.
        for (const connection of [readerConnection, writerConnection]) if (connection.isOpen) connection.close()
      })
    },
  }

  function makeFolder(path: string): void {
    try {
      mkdirSync(dirname(path), { recursive: true })
    } catch (cause) {
      throw unreadable(path, cause)
    }
  }
}

/** Writers starve for longer than SQLite's own timeout when many processes write without a breath. */
const busyRetries = 5
const busyPauseMs = 20

async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (isUnreadable(error)) throw new AppError('CATALOGUE_UNREADABLE', { cause: error })
      if (!isBusy(error)) throw error
      if (attempt >= busyRetries) throw new AppError('CATALOGUE_BUSY', { cause: error })
      await pause(busyPauseMs * 2 ** attempt)
    }
  }
}

interface Turns {
  /** Runs `work` after all that was asked for before. */
  take<T>(work: () => Promise<T>): Promise<T>
}

function createTurns(): Turns {
  const inside = new AsyncLocalStorage<{ ended: boolean }>()
  let last: Promise<unknown> = Promise.resolve()
  return {
    take(work) {
      // A write that waits for a write within it would wait for ever.
      if (inside.getStore()?.ended === false)
        throw new AppError('INTERNAL', { message: 'A write was begun within a write.' })
      const mine = { ended: false }
      const turn = last
        .then(() => inside.run(mine, work))
        .finally(() => {
          mine.ended = true
        })
      last = turn.catch(() => undefined)
      return turn
    },
  }
}
