import type { Clock } from '#archive/core/clock.ts'
import type { ErrorCode } from '#archive/core/error-codes.ts'
import { type IncidentId, type MeetingId, newId } from '#archive/core/ids.ts'
import type { Log } from '#archive/core/log.ts'
import type { CatalogueLink } from '../catalogue/catalogue-link.ts'
import type { RegisteredMeeting } from './meeting-register.ts'

/** Without media for this long a live meeting is interrupted; a keyframe interval and a hiccup are shorter. */
const interruptedAfterMs = 3_000
/** After a press the gate waits for what is taken later than it, and for the next keyframe. */
const openingMs = 6_000

export interface FeedIncidentsDeps {
  readonly link: Pick<CatalogueLink, 'tell'>
  readonly clock: Clock
  readonly log: Log
}

/** Watches live meetings for stretches in which nothing arrives, and writes each down once, from and to. */
export class FeedIncidents {
  readonly #deps: FeedIncidentsDeps
  readonly #open = new Map<MeetingId, IncidentId>()

  constructor(deps: FeedIncidentsDeps) {
    this.#deps = deps
  }

  isInterrupted(meeting: MeetingId): boolean {
    return this.#open.has(meeting)
  }

  /** `lastMediaAtMs`: WallTime of the last packet that was let in, null before the first of this process. */
  watch(meeting: RegisteredMeeting, lastMediaAtMs: number | null): void {
    const now = this.#deps.clock.wallMs()
    const openedAtMs = meeting.openedAtMs ?? now
    const since = lastMediaAtMs !== null && lastMediaAtMs > openedAtMs ? lastMediaAtMs : openedAtMs + openingMs
    if (now - since <= interruptedAfterMs) {
      this.settle(meeting.id)
      return
    }
    if (this.#open.has(meeting.id)) return
    const id = newId<'incident'>()
    this.#open.set(meeting.id, id)
    this.#deps.log.warn({ meeting: meeting.slug, code: 'FEED_INTERRUPTED' }, 'nothing arrives from the encoder')
    this.#tell(meeting, { id, code: 'FEED_INTERRUPTED', detail: 'no media from the encoder', atMs: since })
  }

  /** Media arrives again, or the meeting is not live any more. */
  settle(meeting: MeetingId): void {
    const id = this.#open.get(meeting)
    if (!id) return
    this.#open.delete(meeting)
    this.#deps.link.tell({ kind: 'incident-end', id, atMs: this.#deps.clock.wallMs() })
  }

  /** Something that happened at one moment. */
  note(meeting: RegisteredMeeting, code: ErrorCode, detail: string): void {
    const id = newId<'incident'>()
    const atMs = this.#deps.clock.wallMs()
    this.#deps.log.warn({ meeting: meeting.slug, code, detail }, 'incident')
    this.#tell(meeting, { id, code, detail, atMs })
    this.#deps.link.tell({ kind: 'incident-end', id, atMs })
  }

  #tell(meeting: RegisteredMeeting, incident: { id: IncidentId; code: ErrorCode; detail: string; atMs: number }): void {
    this.#deps.link.tell({
      kind: 'incident',
      incident: { ...incident, meeting: meeting.id, recording: meeting.recording },
    })
  }
}
