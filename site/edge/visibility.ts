import type { MediaAccess, MeetingSummary } from '#archive/catalog/access.ts'
import type { RecordingId } from '#archive/core/ids.ts'
import type { MeetingState } from '#archive/domain/meeting-state.ts'
import type { LiveMessage } from '#archive/hls/live-message.ts'

/** What the catalogue said last. */
export interface CatalogueSnapshot {
  readonly access: readonly MediaAccess[]
  readonly meetings: readonly MeetingSummary[]
}

export type LiveMeeting = Extract<LiveMessage, { type: 'meeting' }>

/** What may be answered of a recording. `unknown` and `private` look alike from outside. */
export interface Sight {
  readonly access: 'public' | 'private' | 'withdrawn' | 'unknown'
  readonly state: MeetingState | null
  readonly publishedAtMs: number | null
}

const unseen: Sight = { access: 'unknown', state: null, publishedAtMs: null }

/** States in which a meeting has a live stream. */
export function isStreaming(state: MeetingState): boolean {
  return state === 'live' || state === 'paused' || state === 'closed'
}

/**
 * Who may see what, from the catalogue's last snapshot and from what *live* says of its meetings. Where both know a
 * recording the catalogue decides; one that it does not know yet is public while *live* streams it for a listed meeting.
 */
export class Visibility {
  #access = new Map<RecordingId, MediaAccess>()
  #meetings = new Map<string, MeetingSummary>()
  readonly #live = new Map<string, LiveMeeting>()
  #isKnown = false

  /** Whether the catalogue has said anything yet. */
  get isKnown(): boolean {
    return this.#isKnown
  }

  takeSnapshot(snapshot: CatalogueSnapshot): void {
    this.#isKnown = true
    this.#access = new Map(snapshot.access.map((entry) => [entry.recording, entry]))
    this.#meetings = new Map(snapshot.meetings.map((meeting) => [meeting.slug, meeting]))
  }

  takeLiveMeeting(meeting: LiveMeeting): void {
    this.#live.set(meeting.slug, meeting)
  }

  /** *live* begins to tell everything anew. While it is gone its announcements stand: viewers keep what they had. */
  forgetLive(): void {
    this.#live.clear()
  }

  meeting(slug: string): MeetingSummary | null {
    return this.#meetings.get(slug) ?? null
  }

  liveMeeting(slug: string): LiveMeeting | null {
    return this.#live.get(slug) ?? null
  }

  sightOf(recording: RecordingId): Sight {
    const known = this.#access.get(recording)
    if (known) return known
    for (const meeting of this.#live.values()) {
      if (meeting.recording === recording) return this.#announced(meeting)
    }
    return unseen
  }

  /** The recording that is streamed, or was, at the live address of a meeting. */
  recordingOf(slug: string): RecordingId | null {
    return this.#meetings.get(slug)?.recording ?? this.#live.get(slug)?.recording ?? null
  }

  #announced(meeting: LiveMeeting): Sight {
    const isListed = this.#meetings.has(meeting.slug)
    if (!isListed || !isStreaming(meeting.state)) return unseen
    return { access: 'public', state: meeting.state, publishedAtMs: null }
  }
}
