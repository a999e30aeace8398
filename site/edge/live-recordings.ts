import type { RecordingId } from '#archive/core/ids.ts'
import type { JournalEvent } from '#archive/hls/journal-event.ts'
import type { LiveFrame } from '#archive/hls/live-message.ts'
import { Timeline } from '#archive/hls/timeline.ts'
import { SegmentMemory } from './segment-memory.ts'

export interface LiveRecording {
  readonly timeline: Timeline
  readonly memory: SegmentMemory
}

/**
 * The recordings that *live* tells of. On every new connection it tells all of them from the beginning: they are collected
 * beside the old ones and take their place when they are complete, so that viewers never see half a journal, and what
 * recovery decided after a crash replaces what was only heard before it.
 */
export class LiveRecordings {
  #current = new Map<RecordingId, LiveRecording>()
  #arriving: Map<RecordingId, LiveRecording> | null = null
  #isConnected = false

  get isConnected(): boolean {
    return this.#isConnected
  }

  find(recording: RecordingId): LiveRecording | null {
    return this.#current.get(recording) ?? null
  }

  /** A new connection. */
  begin(): void {
    this.#isConnected = true
    this.#arriving = new Map()
  }

  /** Everything has been told. */
  synced(): void {
    if (this.#arriving) this.#current = this.#arriving
    this.#arriving = null
  }

  /** The connection broke: what was told in part only is dropped, playlists stand still. */
  lost(): void {
    this.#isConnected = false
    this.#arriving = null
  }

  take({ message, payload }: LiveFrame): void {
    if (message.type === 'part') this.#open(message.recording).memory.takePart(message, payload)
    if (message.type === 'journal') this.#takeEvent(this.#open(message.recording), message.event, payload)
  }

  #takeEvent(recording: LiveRecording, event: JournalEvent, payload: Uint8Array): void {
    if (event.type === 'init' && payload.length > 0) recording.memory.takeInit(event.span, event.rendition, payload)
    if (event.type === 'segment') recording.memory.takeSegment(event)
    recording.timeline.apply(event)
  }

  #open(id: RecordingId): LiveRecording {
    const recordings = this.#arriving ?? this.#current
    const known = recordings.get(id) ?? { timeline: new Timeline(), memory: new SegmentMemory() }
    recordings.set(id, known)
    return known
  }
}
