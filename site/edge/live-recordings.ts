import type { Clock } from '#archive/core/clock.ts'
import type { RecordingId } from '#archive/core/ids.ts'
import type { JournalEvent } from '#archive/hls/journal-event.ts'
import type { LiveFrame, LiveMessage } from '#archive/hls/live-message.ts'
import { Timeline } from '#archive/hls/timeline.ts'
import { scanFragments } from '#archive/storage/fragment-scan.ts'
import { SegmentMemory } from './segment-memory.ts'

export interface LiveRecording {
  readonly timeline: Timeline
  readonly memory: SegmentMemory
}

type PartMessage = Extract<LiveMessage, { type: 'part' }>

interface Followed extends LiveRecording {
  /** Monotonic time of its end, null while it goes on. */
  endedAtMs: number | null
}

/** By then what a recording ended with is on disk, and nobody follows it live any more. */
const keepEndedMs = 60_000

export interface LiveRecordingsDeps {
  /**
   * Tells a timeline what came before the first event that was heard: a restarted *live* opens a recording again only when its
   * encoder is back, long after it has told everything it knew.
   */
  readonly seed: (recording: RecordingId, timeline: Timeline) => void
  readonly clock: Pick<Clock, 'monotonicMs'>
}

/**
 * The recordings that *live* tells of. On every new connection it tells all of them from the beginning: they are collected
 * beside the old ones and take their place when they are complete, so that viewers never see half a journal, and what
 * recovery decided after a crash replaces what was only heard before it.
 */
export class LiveRecordings {
  #current = new Map<RecordingId, Followed>()
  #arriving: Map<RecordingId, Followed> | null = null
  #isConnected = false
  readonly #deps: LiveRecordingsDeps

  constructor(deps: LiveRecordingsDeps) {
    this.#deps = deps
  }

  get isConnected(): boolean {
    return this.#isConnected
  }

  /** Null too while its beginning is not known. */
  find(recording: RecordingId): LiveRecording | null {
    const known = this.#current.get(recording)
    return known?.timeline.facts ? known : null
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
    for (const [id, { timeline }] of this.#current) if (!timeline.facts) this.#deps.seed(id, timeline)
  }

  /** The connection broke: what was told in part only is dropped, playlists stand still. */
  lost(): void {
    this.#isConnected = false
    this.#arriving = null
  }

  take({ message, payload }: LiveFrame): void {
    if (message.type === 'part') this.#takePart(this.#open(message.recording), message, payload)
    if (message.type === 'slate') {
      this.#open(message.recording).timeline.advanceSlate(message.span, message.slots)
    }
    if (message.type === 'journal') this.#takeEvent(this.#open(message.recording), message.event, payload)
  }

  #takePart({ memory, timeline }: Followed, part: PartMessage, payload: Uint8Array): void {
    memory.takePart(part, payload)
    // Where a segment begins is in its first part.
    const startTicks = part.p === 0 ? (scanFragments(payload).fragments[0]?.decodeTicks ?? 0) : 0
    timeline.takePart({ ...part, startTicks })
  }

  #takeEvent(recording: Followed, event: JournalEvent, payload: Uint8Array): void {
    if (event.type === 'init' && payload.length > 0) recording.memory.takeInit(event.span, event.rendition, payload)
    if (event.type === 'segment') recording.memory.takeSegment(event)
    recording.timeline.apply(event)
    if (event.type === 'ended') recording.endedAtMs = this.#deps.clock.monotonicMs()
    if (event.type === 'reopened') recording.endedAtMs = null
    if (event.type === 'recording') this.#letGo()
  }

  #open(id: RecordingId): Followed {
    const recordings = this.#arriving ?? this.#current
    const known = recordings.get(id)
    if (known) return known
    const opened = { timeline: new Timeline(), memory: new SegmentMemory(), endedAtMs: null }
    recordings.set(id, opened)
    if (!this.#arriving) this.#deps.seed(id, opened.timeline)
    return opened
  }

  #letGo(): void {
    const before = this.#deps.clock.monotonicMs() - keepEndedMs
    for (const [id, { endedAtMs }] of this.#current) {
      if (endedAtMs !== null && endedAtMs < before) this.#current.delete(id)
    }
  }
}
