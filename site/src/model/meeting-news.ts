import { type MeetingState, meetingStates } from '#archive/domain/meeting-state.ts'
import type { MeetingView } from '#archive/domain/meeting-view.ts'

/** What the event stream of a meeting says; *live*'s own word, so it may be ahead of the catalogue. */
export interface MeetingNews {
  readonly state: MeetingState
  readonly interrupted: boolean
  readonly revision: number
  readonly currentItemId: string | null
  /** Address of what can be played at this moment; null while a live meeting has no picture yet. */
  readonly hls: string | null
}

/** Null for what is not news; the reader then asks the API. */
export function readNews(data: string): MeetingNews | null {
  const value = parsed(data)
  if (typeof value !== 'object' || value === null) return null
  const { state, interrupted, revision, currentItemId, hls } = value as Partial<Record<keyof MeetingNews, unknown>>
  const isKnown = meetingStates.find((known) => known === state)
  if (!isKnown || typeof interrupted !== 'boolean' || typeof revision !== 'number') return null
  return { state: isKnown, interrupted, revision, currentItemId: textOrNull(currentItemId), hls: textOrNull(hls) }
}

/**
 * The view with the news in it. The catalogue does not know that *live* has died, or what it is about to write; but
 * news of an older revision comes from a stream that has gone silent, and is passed over.
 */
export function withNews(view: MeetingView, news: MeetingNews | null): MeetingView {
  if (!news || news.revision < view.revision) return view
  // Where the replay is, only the view says; it is on its way.
  if (news.state === 'published' && news.revision > view.revision) return view
  const current = view.agenda.find(({ id }) => id === news.currentItemId)?.id ?? null
  return { ...view, state: news.state, interrupted: news.interrupted, currentItemId: current }
}

/**
 * Whether there is anything to play; without news one has to try. Just after a start the view is ahead of the news, and
 * there is no picture yet: then the news is right. A replay that only the view knows of is there already.
 */
export function isPlayable(view: MeetingView, news: MeetingNews | null): boolean {
  if (!news || news.hls !== null) return true
  return view.replay !== null && news.revision < view.revision
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch {
    return null
  }
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
