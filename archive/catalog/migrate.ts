import { existsSync, renameSync, rmSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { Kysely, type Transaction } from 'kysely'
import { AppError } from '../core/errors.ts'
import { isBusy, isReadonly, isUnreadable, openConnection, unreadable } from './connection.ts'
import { nodeSqliteDialect } from './dialect.ts'

/** One step forward; there is none back. Its number is its place in the list, from 1. */
export interface Migration {
  readonly name: string
  readonly up: (sql: Transaction<unknown>) => Promise<void>
}

interface Bookkeeping {
  migration: { number: number; name: string; applied_at_ms: number }
}

/** A migration of a large catalogue takes longer than any ordinary lock is held. */
const longestWaitMs = 120_000
const retryMs = 50

/**
 * Brings the file to the newest schema, in one transaction, after copying an existing file to `FILE.before-N`.
 * Waits while another process does the same; asks for no lock when there is nothing to do.
 * @throws AppError CATALOGUE_NEWER, CATALOGUE_UNREADABLE, CATALOGUE_BUSY
 */
export async function migrate(file: string, migrations: readonly Migration[], nowMs: number): Promise<void> {
  const connection = openConnection(file, 'write')
  const db = new Kysely<Bookkeeping>({ dialect: nodeSqliteDialect(connection) })
  const deadline = performance.now() + longestWaitMs
  try {
    for (;;) {
      try {
        if (schemaOf(connection) === migrations.length) return
        connection.exec('PRAGMA journal_mode = WAL')
        return await migrateOnce(db, { file, connection, migrations, nowMs })
      } catch (error) {
        if (isUnreadable(error) || isReadonly(error)) throw unreadable(file, error)
        if (!isBusy(error)) throw error
        if (performance.now() > deadline) throw new AppError('CATALOGUE_BUSY', { cause: error })
        await pause(retryMs)
      }
    }
  } finally {
    connection.close()
  }
}

interface Work {
  readonly file: string
  readonly connection: DatabaseSync
  readonly migrations: readonly Migration[]
  readonly nowMs: number
}

async function migrateOnce(db: Kysely<Bookkeeping>, { file, connection, migrations, nowMs }: Work): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const done = schemaOf(connection)
    if (done > migrations.length) {
      throw new AppError('CATALOGUE_NEWER', {
        message: `The catalogue ${file} has schema ${done}; this version knows ${migrations.length}.`,
      })
    }
    if (done === migrations.length) return
    if (done > 0) copyBeside(file, done)
    else await createBookkeeping(trx)
    for (const [index, migration] of migrations.entries()) {
      if (index < done) continue
      await migration.up(trx as unknown as Transaction<unknown>)
      await trx
        .insertInto('migration')
        .values({ number: index + 1, name: migration.name, applied_at_ms: nowMs })
        .execute()
    }
  })
}

/** Number of the last migration; 0 for a new file. */
function schemaOf(connection: DatabaseSync): number {
  const table = connection.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migration'").get()
  return table ? Number(connection.prepare('SELECT max(number) AS last FROM migration').get()?.last) : 0
}

async function createBookkeeping(trx: Transaction<Bookkeeping>): Promise<void> {
  await trx.schema
    .createTable('migration')
    .addColumn('number', 'integer', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('applied_at_ms', 'bigint', (column) => column.notNull())
    .execute()
}

// The caller holds the write lock: what another connection reads is what was committed last, and nothing is added to it.
function copyBeside(file: string, schema: number): void {
  const copy = `${file}.before-${schema + 1}`
  const unfinished = `${copy}.unfinished`
  rmSync(unfinished, { force: true })
  const reader = openConnection(file, 'write')
  try {
    reader.prepare('VACUUM INTO ?').run(unfinished)
  } finally {
    reader.close()
  }
  if (existsSync(copy)) rmSync(copy)
  renameSync(unfinished, copy)
}
