import type { NewIncident } from '#archive/catalog/incidents.ts'
import type { NewPublishSession } from '#archive/catalog/sessions.ts'
import type { NewSpan } from '#archive/catalog/spans.ts'
import type { IncidentId, MeetingId, PublishSessionId, RecordingId, RoomId, SpanId } from '#archive/core/ids.ts'
import type { Command } from '#archive/domain/command.ts'
import type { SpanCause } from '#archive/hls/packaging.ts'

/** What *live* has to tell the catalogue. Each may be told twice: the catalogue takes it once. */
export type Note =
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'recording'; readonly id: RecordingId; readonly meeting: MeetingId; readonly atMs: number }
  | { readonly kind: 'span'; readonly span: NewSpan }
  | {
      readonly kind: 'span-end'
      readonly id: SpanId
      readonly durationMs: number
      readonly cause: SpanCause | 'crashed'
    }
  | { readonly kind: 'session'; readonly session: NewPublishSession & { readonly id: PublishSessionId } }
  | { readonly kind: 'session-end'; readonly id: PublishSessionId; readonly cause: string; readonly atMs: number }
  | { readonly kind: 'stale-sessions'; readonly atMs: number }
  | { readonly kind: 'incident'; readonly incident: NewIncident & { readonly id: IncidentId } }
  | { readonly kind: 'incident-end'; readonly id: IncidentId; readonly atMs: number }
  | { readonly kind: 'draft'; readonly room: RoomId; readonly atMs: number }

export interface Posted {
  readonly seq: number
  readonly note: Note
}

/**
 * Notes on their way to the catalogue, in order, kept until it has taken them: a catalogue that is locked for ten
 * seconds makes the queue longer and nothing else.
 */
export class Outbox {
  readonly #waiting: Posted[] = []
  #seq = 0
  #takenSeq = 0

  add(note: Note): Posted {
    this.#seq += 1
    const posted = { seq: this.#seq, note }
    this.#waiting.push(posted)
    return posted
  }

  /** The catalogue has taken everything up to `seq`. */
  taken(seq: number): void {
    this.#takenSeq = Math.max(this.#takenSeq, seq)
    while ((this.#waiting[0]?.seq ?? Number.POSITIVE_INFINITY) <= seq) this.#waiting.shift()
  }

  get takenSeq(): number {
    return this.#takenSeq
  }

  waiting(): readonly Posted[] {
    return this.#waiting
  }
}
