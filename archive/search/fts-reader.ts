import type { DatabaseSync } from 'node:sqlite'
import { AppError, type Outcome, refuse } from '../core/errors.ts'
import { matchExpression, type QueryWord, queryWords } from './query-words.ts'
import { relevance } from './relevance.ts'
import { guarded, inodeOf, openForReading } from './search-file.ts'
import type { SearchQuery, SearchReader, SearchResult } from './search-index.ts'

export interface SearchLocation {
  readonly file: string
  readonly town: string
}

/** Newest matches that are weighed against each other; a word in every second sentence costs no more than a rare one. */
const mostCandidates = 400

/** `slot` orders by planned time of the meeting. */
type Candidate = Omit<SearchResult, 'score'> & { readonly slot: number }

const table = { titles: 'title_words', cues: 'cue_words' } as const

/** Answers from the file as it is at each question: replaced, it is opened anew; missing or damaged, the question is refused. */
export class FtsReader implements SearchReader {
  readonly #location: SearchLocation
  #database: DatabaseSync | null = null
  #inode: number | null = null

  constructor(location: SearchLocation) {
    this.#location = location
  }

  async query(query: SearchQuery): Promise<Outcome<readonly SearchResult[]>> {
    const words = queryWords(query.q)
    if (words.length === 0) return { ok: true, value: [] }
    try {
      return { ok: true, value: guarded(() => this.#search(words, query)) }
    } catch (error) {
      this.close()
      if (error instanceof AppError) return refuse(error.code)
      throw error
    }
  }

  close(): void {
    this.#database?.close()
    this.#database = null
  }

  #search(words: readonly QueryWord[], query: SearchQuery): SearchResult[] {
    const limit = Math.max(1, Math.min(100, Math.floor(query.limit ?? 20)))
    const open = matchExpression(words)
    const finished = matchExpression(words, true)
    const titles = this.#candidates('titles', open, undefined)
    // Unfinished words cost ten times as much among cues, so they are tried only where whole ones do not fill the answer.
    const whole = this.#candidates('cues', finished, query.language)
    const cues = whole.length >= limit || open === finished ? whole : this.#candidates('cues', open, query.language)
    return [...titles, ...cues]
      .map(({ slot, ...row }) => ({ slot, result: { ...row, score: relevance(words, row.kind, row.text) } }))
      .toSorted((a, b) => b.result.score - a.result.score || b.slot - a.slot || startOf(a.result) - startOf(b.result))
      .slice(0, limit)
      .map(({ result }) => result)
  }

  #candidates(from: keyof typeof table, match: string, language: string | undefined): Candidate[] {
    // CROSS JOIN keeps the walk of the index outermost, which is what lets it stop at the limit (sqlite.org/optoverview.html, 8.2).
    const statement = this.#open().prepare(`
      SELECT m.id AS slot, m.slug AS meeting, m.title, d.text, d.kind, d.start_seconds AS startSeconds
      FROM ${table[from]} AS w CROSS JOIN doc AS d ON d.id = w.rowid CROSS JOIN meeting AS m ON m.id = d.meeting
      WHERE ${table[from]} MATCH ? AND m.town = ? AND (d.language IS NULL OR ? IS NULL OR d.language = ?)
      ORDER BY w.rowid DESC LIMIT ${mostCandidates}`)
    const rows = statement.all(match, this.#location.town, language ?? null, language ?? null)
    return rows as unknown as Candidate[]
  }

  #open(): DatabaseSync {
    const inode = inodeOf(this.#location.file)
    if (this.#database && inode === this.#inode) return this.#database
    this.close()
    this.#database = openForReading(this.#location.file)
    this.#inode = inode
    return this.#database
  }
}

function startOf(result: SearchResult): number {
  return result.startSeconds ?? 0
}
