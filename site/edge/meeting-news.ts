import type { RecordingId } from '#archive/core/ids.ts'
import type { MeetingState } from '#archive/domain/meeting-state.ts'
import { isStreaming, type Visibility } from './visibility.ts'

/** What a page that follows a meeting is told; the API has the rest. */
export interface MeetingNews {
  readonly state: MeetingState
  readonly interrupted: boolean
  readonly revision: number
  readonly currentItemId: string | null
  /** Address of what can be played at this moment. */
  readonly hls: string | null
}

export interface NewsSources {
  readonly visibility: Visibility
  readonly isLiveConnected: boolean
  readonly isPlayable: (recording: RecordingId) => boolean
}

/** Null for a meeting that nobody may know of. */
export function meetingNews(slug: string, sources: NewsSources): MeetingNews | null {
  const { visibility, isLiveConnected } = sources
  const meeting = visibility.meeting(slug)
  if (!meeting) return null
  // What it said before it went may be older than the catalogue.
  const live = isLiveConnected ? visibility.liveMeeting(slug) : null
  const state = newerState(meeting.state, live?.state ?? null)
  const recording = visibility.recordingOf(slug)
  return {
    state,
    interrupted: state === 'live' && isInterrupted(isLiveConnected, live?.feed ?? null, meeting.interrupted),
    revision: meeting.revision,
    currentItemId: meeting.currentItem,
    hls: recording && address({ slug, state, recording }, sources),
  }
}

/** *live* knows of a press before the catalogue has been looked at; publishing and planning it does not know. */
function newerState(known: MeetingState, live: MeetingState | null): MeetingState {
  const follows = isStreaming(known) || known === 'waiting' || known === 'scheduled'
  return live !== null && follows && (isStreaming(live) || (live === 'ended' && isStreaming(known))) ? live : known
}

function isInterrupted(isLiveConnected: boolean, feed: string | null, known: boolean): boolean {
  if (!isLiveConnected) return true
  return feed === null ? known : feed !== 'connected'
}

function address(
  { slug, state, recording }: { slug: string; state: MeetingState; recording: RecordingId },
  { visibility, isPlayable }: NewsSources,
): string | null {
  if (visibility.sightOf(recording).access !== 'public') return null
  if (state === 'published') return `/media/${recording}/index.m3u8`
  return isStreaming(state) && isPlayable(recording) ? `/live/${slug}/index.m3u8` : null
}
