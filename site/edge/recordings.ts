import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '#archive/core/clock.ts'
import type { RecordingId } from '#archive/core/ids.ts'
import type { MediaFile, PartFile } from '#archive/hls/address.ts'
import type { Timeline } from '#archive/hls/timeline.ts'
import { findMedia, journalSize, type RecordingPlaces, readTimeline } from '#archive/storage/recording-reader.ts'
import type { LiveRecordings } from './live-recordings.ts'
import type { MediaSource } from './media-answer.ts'
import { type SlatePictures, slateMedia, slatePart } from './slates.ts'

export interface RecordingsDeps {
  readonly pictures: SlatePictures
  readonly clock: Pick<Clock, 'wallMs'>
}

interface Kept {
  readonly timeline: Promise<Timeline | null>
  /** Size of the journal it was read from; null for a manifest. */
  readonly journalBytes: number | null
}

/** A replay of three hours takes some megabytes of memory. */
const keptTimelines = 24
/** A segment is announced when its last part is, a moment before its file has its name. */
const patienceMs = 1000
const retryMs = 40

/** Timelines and media of every recording, from what *live* tells, else from spool and store. */
export class Recordings {
  readonly #places: RecordingPlaces
  readonly #live: LiveRecordings
  readonly #kept = new Map<RecordingId, Kept>()
  readonly #pictures: SlatePictures
  readonly #clock: Pick<Clock, 'wallMs'>

  constructor(places: RecordingPlaces, live: LiveRecordings, deps: RecordingsDeps) {
    this.#places = places
    this.#pictures = deps.pictures
    this.#clock = deps.clock
    this.#live = live
  }

  /** Null when nothing is known of it. @throws AppError RECORDING_UNREADABLE, STORE_FAILED */
  async timeline(recording: RecordingId): Promise<Timeline | null> {
    const live = this.#live.find(recording)?.timeline
    if (live?.endedAtMs === null) return live
    const settled = await this.#settled(recording).catch((error: unknown) => {
      if (!live) throw error
      return null
    })
    // The spool has the last word on what is over: segments that the disk had no room for were announced all the same.
    return live && (settled?.endedAtMs ?? null) === null ? live : settled
  }

  async #settled(recording: RecordingId): Promise<Timeline | null> {
    const journalBytes = await journalSize(this.#places.spoolDir, recording)
    const known = this.#kept.get(recording)
    if (known && known.journalBytes === journalBytes) return known.timeline
    const timeline = readTimeline(this.#places, recording).then((found) => found && this.#withSlates(found))
    this.#keep(recording, { timeline, journalBytes })
    const read = await timeline.catch((error: unknown) => {
      this.#kept.delete(recording)
      throw error
    })
    if (!read) this.#kept.delete(recording)
    return read
  }

  /** A slate without an end goes on by itself: nothing that a viewer has seen of it may vanish when *live* does. */
  #withSlates(timeline: Timeline): Timeline {
    const nowMs = this.#clock.wallMs()
    for (const slate of timeline.slates) {
      timeline.advanceSlate(slate.span, slate.slotsBy(nowMs, timeline.nextNumber))
    }
    return timeline
  }

  async media(file: MediaFile): Promise<MediaSource | null> {
    const deadline = performance.now() + patienceMs
    for (;;) {
      const source = this.#live.find(file.recording)?.memory.find(file) ?? (await findMedia(this.#places, file))
      if (source) return source
      const timeline = await this.timeline(file.recording)
      if (timeline?.slate(file.span)) return slateMedia(timeline, file, this.#pictures)
      if (!this.#isExpected(file) || performance.now() > deadline) return null
      await pause(retryMs)
    }
  }

  /** What *live* tells of a recording that goes on; null otherwise. */
  streamed(recording: RecordingId): Timeline | null {
    const live = this.#live.find(recording)?.timeline
    return live?.endedAtMs === null ? live : null
  }

  /** Whether *live* has told that it ended. */
  hasEnded(recording: RecordingId): boolean {
    return (this.#live.find(recording)?.timeline.endedAtMs ?? null) !== null
  }

  /** A part that is in memory. */
  freshPart(part: PartFile): Uint8Array | null {
    return this.#live.find(part.recording)?.memory.findPart(part) ?? null
  }

  /** A part from memory, else out of its segment's file. */
  async part({ p, ...file }: PartFile): Promise<MediaSource | null> {
    const fresh = this.freshPart({ p, ...file })
    if (fresh) return fresh
    const timeline = await this.timeline(file.recording)
    if (timeline?.slate(file.span)) return slatePart(timeline, { p, ...file }, this.#pictures)
    const span = timeline?.spans.find((candidate) => candidate.span === file.span)
    const entry = span?.renditions.get(file.rendition)?.entries.get(file.n)
    const facts = entry?.kind === 'segment' ? entry.parts[p] : undefined
    const segment = facts && (await this.media(file))
    if (!segment || entry?.kind !== 'segment') return null
    const first = entry.parts.slice(0, p).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
    const last = first + facts.sizeBytes - 1
    if (segment instanceof Uint8Array) return segment.subarray(first, last + 1)
    return {
      sizeBytes: facts.sizeBytes,
      open: (range) =>
        segment.open({ first: first + (range?.first ?? 0), last: Math.min(last, first + (range?.last ?? last)) }),
    }
  }

  /** Whether *live* is there and tells of this recording. */
  isFollowed(recording: RecordingId): boolean {
    return this.#live.isConnected && this.#live.find(recording) !== null
  }

  /** Whether the timeline is what *live* announced rather than what the spool holds of it. */
  isAnnounced(recording: RecordingId, timeline: Timeline): boolean {
    return this.#live.find(recording)?.timeline === timeline
  }

  /** Whether *live* has announced the file. */
  #isExpected({ recording, span, rendition, n }: MediaFile): boolean {
    const timeline = this.#live.find(recording)?.timeline
    const of = timeline?.spans.find((candidate) => candidate.span === span)?.renditions.get(rendition)
    return n === null ? of?.init != null : of?.entries.get(n)?.kind === 'segment'
  }

  #keep(recording: RecordingId, kept: Kept): void {
    this.#kept.delete(recording)
    this.#kept.set(recording, kept)
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= keptTimelines) break
      this.#kept.delete(oldest)
    }
  }
}
