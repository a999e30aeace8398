import { DatabaseSync } from 'node:sqlite'
import { AppError } from '../core/errors.ts'

/**
 * How long a statement waits for another process's lock; it holds up the thread meanwhile. A writer waits for its turn
 * in `dialect.ts`, where the thread stays free; a reader, and whoever opens, waits only while the file is made or
 * recovered after a crash.
 */
const busyTimeoutMs = { write: 20, read: 5_000, open: 5_000 } as const

/**
 * A connection with the catalogue's settings. `synchronous = NORMAL`: in WAL mode the file stays whole through a power
 * cut, which may cost the last commits; what must survive one (that a session is closed) is kept by *live* on disk.
 * FULL gave 320 transactions a second where NORMAL gives 11,000, and starved writers.
 * @throws AppError CATALOGUE_UNREADABLE, CATALOGUE_BUSY
 */
export function openConnection(file: string, mode: 'write' | 'read'): DatabaseSync {
  try {
    const connection = new DatabaseSync(file, { timeout: busyTimeoutMs.open, enableForeignKeyConstraints: true })
    connection.exec(`PRAGMA synchronous = NORMAL; PRAGMA query_only = ${mode === 'read' ? 1 : 0}`)
    connection.exec(`PRAGMA busy_timeout = ${busyTimeoutMs[mode]}`)
    return connection
  } catch (cause) {
    throw isBusy(cause) ? new AppError('CATALOGUE_BUSY', { cause }) : unreadable(file, cause)
  }
}

export function unreadable(file: string, cause: unknown): AppError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new AppError('CATALOGUE_UNREADABLE', { message: `The catalogue ${file} cannot be opened: ${why}.`, cause })
}

// With or without their extended codes (https://sqlite.org/rescode.html).
const busyCode = 5
const readonlyCode = 8
/** SQLITE_IOERR, CORRUPT, CANTOPEN, AUTH, NOTADB. */
const unreadableCodes: readonly number[] = [10, 11, 14, 23, 26]

export function isBusy(error: unknown): boolean {
  return codeOf(error) === busyCode
}

/** A file that is not a database, is damaged, or may not be read. */
export function isUnreadable(error: unknown): boolean {
  return unreadableCodes.includes(codeOf(error))
}

/** A file or folder that may not be written; from a connection for reading, a write that was begun within a read. */
export function isReadonly(error: unknown): boolean {
  return codeOf(error) === readonlyCode
}

function codeOf(error: unknown): number {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0
}
