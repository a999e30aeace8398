import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type SqliteStatement,
  type TransactionSettings,
} from 'kysely'
import { isBusy } from './connection.ts'

/**
 * Kysely over one connection of node:sqlite. A transaction that may write takes the write lock when it begins: one that
 * takes it only at its first write fails with "database is locked" whenever another process wrote in between
 * (https://sqlite.org/lang_transaction.html, "BEGIN IMMEDIATE").
 */
export function nodeSqliteDialect(connection: DatabaseSync): Dialect {
  const database = { close: () => connection.close(), prepare: (sql: string) => statement(connection.prepare(sql)) }
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new ImmediateDriver({ database }),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}

/** Longer than any ordinary writer holds the lock; who gives up may try again. */
const longestWaitMs = 15_000
const shortestPauseMs = 5
const longestPauseMs = 80

class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection, settings?: TransactionSettings): Promise<void> {
    const begin = CompiledQuery.raw(settings?.accessMode === 'read only' ? 'begin' : 'begin immediate')
    const deadline = performance.now() + longestWaitMs
    for (let pauseMs = shortestPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
      try {
        await connection.executeQuery(begin)
        return
      } catch (error) {
        if (!isBusy(error) || performance.now() > deadline) throw error
        // Not by SQLite's own timeout: that holds up the thread, and with it whatever is to be told to *live* meanwhile.
        await pause(pauseMs)
      }
    }
  }
}

function statement(prepared: StatementSync): SqliteStatement {
  const inputs = (parameters: readonly unknown[]) => parameters as readonly SQLInputValue[]
  return {
    reader: prepared.columns().length > 0,
    all: (parameters) => prepared.all(...inputs(parameters)),
    run: (parameters) => prepared.run(...inputs(parameters)),
    iterate: (parameters) => prepared.iterate(...inputs(parameters)),
  }
}
