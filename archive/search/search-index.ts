import type { Outcome } from '../core/errors.ts'

/** Everything of one meeting that may be found; replaced as a whole. Only what the public may see belongs in it. */
export interface SearchDocument {
  /** The meeting's slug. */
  readonly meeting: string
  readonly title: string
  /** WallTime of the planned start; among equals the newer meeting comes first. */
  readonly plannedAtMs: number
  readonly items: readonly ItemEntry[]
  readonly cues: readonly CueEntry[]
}

export interface ItemEntry {
  readonly text: string
  /** MediaTime at which the item's chapter starts; null while there is none. */
  readonly startSeconds: number | null
}

export interface CueEntry {
  readonly text: string
  readonly language: string
  readonly startSeconds: number
}

export interface SearchQuery {
  /** Whatever a person typed: words are all required, the last one may be unfinished. */
  readonly q: string
  /** Restricts cues to one language; titles are found in any. */
  readonly language?: string
  /** From 1 to 100; 20 when absent. */
  readonly limit?: number
}

export interface SearchResult {
  readonly meeting: string
  readonly title: string
  /** The title, item or cue in which the words stand. */
  readonly text: string
  readonly kind: 'meeting' | 'item' | 'cue'
  readonly startSeconds: number | null
  /** Comparable within one answer only; higher is better. */
  readonly score: number
}

/** What the site needs. Scoped to one town when it is opened. */
export interface SearchReader {
  /** Best first. Refuses with SEARCH_INDEX_MISSING or SEARCH_INDEX_CORRUPT; a query without a word finds nothing. */
  query(query: SearchQuery): Promise<Outcome<readonly SearchResult[]>>
  close(): void
}

/** What the worker needs besides. Writes throw AppError SEARCH_INDEX_MISSING or SEARCH_INDEX_CORRUPT. */
export interface SearchIndex extends SearchReader {
  /**
   * Makes the index usable, discarding one that is damaged or of another version. `empty` until `confirm`: every meeting must be
   * put in again. Whoever answers `empty` by durable jobs calls `confirm` when they are on disk.
   */
  prepare(): Promise<'ready' | 'empty'>
  confirm(): Promise<void>
  replaceMeeting(document: SearchDocument): Promise<void>
  removeMeeting(meeting: string): Promise<void>
}
