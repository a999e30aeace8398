import type { Operations } from '#archive/operations/operations.ts'
import type { Language } from './locale.ts'

/** What the pages and the public API read. Every question is asked for the public audience. */
export type PublicRecord = Pick<Operations, 'listMeetings' | 'showMeeting' | 'showTranscript' | 'search'>

/** Facts about the town that every page needs. */
export interface TownFacts {
  readonly name: string
  readonly language: Language
  /** Address of the site as the public knows it, without a trailing slash; null when requests must tell. */
  readonly publicUrl: string | null
}
