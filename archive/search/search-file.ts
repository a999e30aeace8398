import { rmSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { AppError } from '../core/errors.ts'

/** Raised whenever the tables below change; an index of another version is built again. */
const schemaVersion = 1

/**
 * `doc.id` orders by planned time, so that walking it backwards gives the newest first (see `meeting-slot.ts`). Titles and cues have
 * an index each: titles are few and always searched in full.
 */
const schema = `
  CREATE TABLE meeting (
    id INTEGER PRIMARY KEY,
    town TEXT NOT NULL,
    slug TEXT NOT NULL,
    title TEXT NOT NULL,
    UNIQUE (town, slug)
  );
  CREATE TABLE doc (
    id INTEGER PRIMARY KEY,
    meeting INTEGER NOT NULL,
    kind TEXT NOT NULL,
    language TEXT,
    start_seconds REAL,
    text TEXT NOT NULL
  );
  CREATE VIRTUAL TABLE title_words USING fts5(
    text, content='doc', content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='2 3 4'
  );
  CREATE VIRTUAL TABLE cue_words USING fts5(
    text, content='doc', content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='2 3 4'
  );
`

/** Opens an existing index for questions. @throws AppError SEARCH_INDEX_MISSING, SEARCH_INDEX_CORRUPT */
export function openForReading(file: string): DatabaseSync {
  if (inodeOf(file) === null) throw new AppError('SEARCH_INDEX_MISSING')
  return guarded(() => {
    const database = new DatabaseSync(file, { readOnly: true })
    try {
      database.exec('PRAGMA busy_timeout = 2000')
      return database
    } catch (error) {
      database.close()
      throw error
    }
  })
}

/** Opens the index for writing when it is complete, sound and of this version; null otherwise. */
export function openComplete(file: string): DatabaseSync | null {
  if (inodeOf(file) === null) return null
  let database: DatabaseSync | null = null
  try {
    database = new DatabaseSync(file)
    database.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
    const version = database.prepare('PRAGMA user_version').get()?.user_version
    const health = database.prepare('PRAGMA quick_check(1)').get()?.quick_check
    if (version === schemaVersion && health === 'ok') return database
  } catch (error) {
    if (!isDamage(error)) throw error
  }
  database?.close()
  return null
}

/** An empty index in place of whatever stood there; readers notice by the file's inode. */
export function createEmpty(file: string): DatabaseSync {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true })
  const database = new DatabaseSync(file)
  database.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  database.exec(schema)
  return database
}

export function markComplete(database: DatabaseSync): void {
  database.exec(`PRAGMA user_version = ${schemaVersion}`)
}

/** Identity of the file behind a name; null when there is none. */
export function inodeOf(file: string): number | null {
  return statSync(file, { throwIfNoEntry: false })?.ino ?? null
}

/** Runs `work`, turning damage of the file into AppError SEARCH_INDEX_CORRUPT. */
export function guarded<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (isDamage(error)) throw new AppError('SEARCH_INDEX_CORRUPT', { cause: error })
    throw error
  }
}

/** SQLITE_ERROR (a table is missing), SQLITE_CORRUPT, SQLITE_CANTOPEN, SQLITE_NOTADB: sqlite.org/rescode.html. */
const damage = [1, 11, 14, 26]

function isDamage(error: unknown): boolean {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : null
  return typeof code === 'number' && damage.includes(code & 0xff)
}
