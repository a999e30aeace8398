import type { MeetingSummaryView } from '#archive/domain/meeting-view.ts'

export interface Shelves {
  readonly running: readonly MeetingSummaryView[]
  /** Those about to begin, then the nearest. */
  readonly next: readonly MeetingSummaryView[]
  readonly latest: readonly MeetingSummaryView[]
}

/** Puts meetings on the shelves of the home page: one on the list of open ones that is only waiting is a next one. */
export function meetingShelves(lists: {
  readonly open: readonly MeetingSummaryView[]
  readonly upcoming: readonly MeetingSummaryView[]
  readonly past: readonly MeetingSummaryView[]
}): Shelves {
  const waiting = lists.open.filter(({ state }) => state === 'waiting')
  const known = new Set(lists.open.map(({ slug }) => slug))
  return {
    running: lists.open.filter(({ state }) => state !== 'waiting'),
    next: [...waiting, ...lists.upcoming.filter(({ slug }) => !known.has(slug))],
    latest: lists.past.filter(({ state }) => state === 'ended' || state === 'published'),
  }
}
