import { AsyncLocalStorage } from 'node:async_hooks'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { Kysely } from 'kysely'
import { systemClock } from '../core/clock.ts'
import { AppError } from '../core/errors.ts'
import type { TownId } from '../core/ids.ts'
import { isBusy, isReadonly, isUnreadable, openConnection, unreadable } from './connection.ts'
import { nodeSqliteDialect } from './dialect.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations.ts'
import type { Tables } from './tables.ts'
import type { TownDb } from './town-db.ts'
import { townScope } from './town-scope.ts'
import { addTown, townBySlug } from './towns.ts'

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
  const townId = await coded(() => townOf(reader, writer, { slug: town, nowMs }))
  const scope = townScope(townId)
  const version = readerConnection.prepare('PRAGMA data_version')
  const turns = createTurns()

  return {
    town: townId,
    write: (work) =>
      turns.take(() =>
        coded(
          () => writer.transaction().execute((trx) => work({ town: townId, sql: trx.withPlugin(scope) })),
          (error) => isUnreadable(error) || isReadonly(error),
        ),
      ),
    read: (work) => coded(() => snapshot(reader).execute((trx) => work({ town: townId, sql: trx.withPlugin(scope) }))),
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

function snapshot(reader: Kysely<Tables>) {
  return reader.transaction().setAccessMode('read only')
}

// Opening a catalogue that is up to date asks for no lock: a press must reach *live* though another process holds one.
async function townOf(
  reader: Kysely<Tables>,
  writer: Kysely<Tables>,
  { slug, nowMs }: { slug: string; nowMs: number },
): Promise<TownId> {
  const known = await snapshot(reader).execute((trx) => townBySlug(trx, slug))
  return known ?? (await writer.transaction().execute((trx) => addTown(trx, slug, nowMs)))
}

async function coded<T>(work: () => Promise<T>, isFileFault = isUnreadable): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isFileFault(error)) throw new AppError('CATALOGUE_UNREADABLE', { cause: error })
    if (isBusy(error)) throw new AppError('CATALOGUE_BUSY', { cause: error })
    throw error
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
