import type { DatabaseSync } from 'node:sqlite'
import { AppError, type Outcome } from '../core/errors.ts'
import { FtsReader, type SearchLocation } from './fts-reader.ts'
import { freeSlot, rowsPerMeeting, slotRange } from './meeting-slot.ts'
import { createEmpty, guarded, inodeOf, markComplete, openComplete } from './search-file.ts'
import type { SearchDocument, SearchIndex, SearchQuery, SearchResult } from './search-index.ts'

interface Row {
  readonly kind: SearchResult['kind']
  readonly language: string | null
  readonly startSeconds: number | null
  readonly text: string
}

/** The embedded index: SQLite FTS5 in a file of its own. One process writes, any number read. */
export class FtsIndex implements SearchIndex {
  readonly #location: SearchLocation
  readonly #reader: FtsReader
  #database: DatabaseSync | null = null
  #inode: number | null = null

  constructor(location: SearchLocation) {
    this.#location = location
    this.#reader = new FtsReader(location)
  }

  async prepare(): Promise<'ready' | 'empty'> {
    this.close()
    const complete = openComplete(this.#location.file)
    this.#database = complete ?? createEmpty(this.#location.file)
    this.#inode = inodeOf(this.#location.file)
    return complete ? 'ready' : 'empty'
  }

  async confirm(): Promise<void> {
    markComplete(this.#writable())
  }

  async replaceMeeting(document: SearchDocument): Promise<void> {
    this.#write((database) => {
      this.#remove(database, document.meeting)
      this.#insert(database, document)
    })
  }

  async removeMeeting(meeting: string): Promise<void> {
    this.#write((database) => this.#remove(database, meeting))
  }

  query(query: SearchQuery): Promise<Outcome<readonly SearchResult[]>> {
    return this.#reader.query(query)
  }

  close(): void {
    this.#reader.close()
    this.#database?.close()
    this.#database = null
  }

  #writable(): DatabaseSync {
    if (!this.#database || inodeOf(this.#location.file) !== this.#inode) throw new AppError('SEARCH_INDEX_MISSING')
    return this.#database
  }

  #write(work: (database: DatabaseSync) => void): void {
    const database = this.#writable()
    guarded(() => {
      database.exec('BEGIN IMMEDIATE')
      try {
        work(database)
        database.exec('COMMIT')
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK')
        throw error
      }
    })
  }

  #remove(database: DatabaseSync, slug: string): void {
    const meeting = database
      .prepare('SELECT id FROM meeting WHERE town = ? AND slug = ?')
      .get(this.#location.town, slug)?.id
    if (typeof meeting !== 'number') return
    const range = [meeting, meeting + rowsPerMeeting]
    // An index of external content forgets a row only when told what it held (sqlite.org/fts5.html, 4.4.3).
    for (const [words, kinds] of [
      ['title_words', "d.kind <> 'cue'"],
      ['cue_words', "d.kind = 'cue'"],
    ]) {
      database
        .prepare(
          `INSERT INTO ${words} (${words}, rowid, text) SELECT 'delete', d.id, d.text FROM doc AS d WHERE d.id >= ? AND d.id < ? AND ${kinds}`,
        )
        .run(...range)
    }
    database.prepare('DELETE FROM doc WHERE id >= ? AND id < ?').run(...range)
    database.prepare('DELETE FROM meeting WHERE id = ?').run(meeting)
  }

  #insert(database: DatabaseSync, document: SearchDocument): void {
    const meeting = this.#slot(database, document.plannedAtMs)
    database
      .prepare('INSERT INTO meeting (id, town, slug, title) VALUES (?, ?, ?, ?)')
      .run(meeting, this.#location.town, document.meeting, document.title.toWellFormed())
    const insertDoc = database.prepare(
      'INSERT INTO doc (id, meeting, kind, language, start_seconds, text) VALUES (?, ?, ?, ?, ?, ?)',
    )
    const insertTitle = database.prepare('INSERT INTO title_words (rowid, text) VALUES (?, ?)')
    const insertCue = database.prepare('INSERT INTO cue_words (rowid, text) VALUES (?, ?)')
    for (const [index, row] of rowsOf(document).entries()) {
      const id = meeting + index
      insertDoc.run(id, meeting, row.kind, row.language, row.startSeconds, row.text)
      ;(row.kind === 'cue' ? insertCue : insertTitle).run(id, row.text)
    }
  }

  #slot(database: DatabaseSync, plannedAtMs: number): number {
    const range = slotRange(plannedAtMs)
    const taken = database.prepare('SELECT id FROM meeting WHERE id >= ? AND id < ?').all(range.first, range.end)
    return freeSlot(range, new Set(taken.map((row) => Number(row.id))))
  }
}

/** Composed characters: the index folds those, and leaves loose marks where they stand. */
function rowsOf(document: SearchDocument): Row[] {
  const clean = (text: string) => text.toWellFormed().normalize('NFC')
  const title: Row = { kind: 'meeting', language: null, startSeconds: null, text: clean(document.title) }
  const items = document.items.map(
    ({ text, startSeconds }): Row => ({ kind: 'item', language: null, startSeconds, text: clean(text) }),
  )
  const cues = document.cues.map(
    ({ text, language, startSeconds }): Row => ({ kind: 'cue', language, startSeconds, text: clean(text) }),
  )
  return [title, ...items, ...cues].slice(0, rowsPerMeeting)
}
