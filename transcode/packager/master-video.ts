import type { SpanCause } from '#archive/hls/packaging.ts'
import type { FrameGrid } from './frame-grid.ts'
import type { RenditionTrack, TrackSample } from './rendition-track.ts'
import type { SpanLimits } from './span-options.ts'
import type { SpanPlan } from './span-plan.ts'

export interface MasterFrame {
  /** Of the encoder's clock. */
  readonly dtsMs: number
  readonly ptsMs: number
  readonly keyframe: boolean
  readonly data: Uint8Array
}

export interface MasterOptions {
  readonly grid: FrameGrid
  readonly plan: SpanPlan
  readonly track: RenditionTrack
  readonly limits: SpanLimits
  readonly longestGopMs: number
  readonly nextNumber: () => number
  /** The first keyframe is here: `zeroMs` of the encoder's clock is the start of the span. */
  readonly onStart: (zeroMs: number) => void
}

/** Far beyond what two B-frames delay; a larger difference between decoding and showing is a broken clock. */
const mostReorderMs = 1000

interface Waiting extends Omit<TrackSample, 'duration'> {
  readonly dtsMs: number
}

/**
 * The rendition that decides: its keyframes make the segments of all. Decode times are shifted so that the first
 * equals its presentation time; a sample's duration is the distance to the next, so one frame is held back.
 */
export class MasterVideo {
  readonly #options: MasterOptions
  readonly #segmentLimit: number
  readonly #stepLimitMs: number
  #firstOffset = 0
  #waiting: Waiting | null = null
  #segmentStart = 0
  #gopStart = 0
  #longestGop: number
  #lastDuration: number
  #endTicks = 0

  constructor(options: MasterOptions) {
    this.#options = options
    const { grid, limits } = options
    this.#segmentLimit = grid.exactTicks(limits.longestSegmentMs)
    this.#stepLimitMs = limits.longestPartMs
    this.#longestGop = grid.exactTicks(options.longestGopMs)
    this.#lastDuration = grid.frameTicks ?? grid.exactTicks(1000 / 25)
  }

  /** Where the span ended, in ticks. */
  get endTicks(): number {
    return this.#endTicks
  }

  /** Null when the frame was taken (or came before the first keyframe); otherwise why the span has to end before it. */
  push(frame: MasterFrame): SpanCause | null {
    if (this.#options.plan.ended) return null
    const before = this.#waiting
    if (!before) {
      if (frame.keyframe) this.#start(frame)
      return null
    }
    const stepMs = frame.dtsMs - before.dtsMs
    if (stepMs < 0 || stepMs > this.#stepLimitMs) return 'timestamp-jump'
    return this.#take(frame, before)
  }

  /** Closes the last segment where it is; the last frame lasts as long as a frame does. */
  finish(): void {
    const { plan, track } = this.#options
    if (plan.ended) return
    const last = this.#waiting
    if (last) {
      track.add({ ...last, duration: this.#frameDuration() })
      track.closeSegment()
      this.#endTicks = last.ticks + this.#frameDuration()
    }
    plan.end(this.#endTicks)
    this.#waiting = null
  }

  #start(frame: MasterFrame): void {
    const { grid, onStart } = this.#options
    this.#firstOffset = grid.placeOffset(frame.ptsMs - frame.dtsMs)
    const ticks = grid.place(frame.dtsMs)
    onStart(frame.ptsMs)
    this.#openSegment(ticks, ticks)
    this.#hold(frame, ticks, 0)
  }

  #take(frame: MasterFrame, before: Waiting): SpanCause | null {
    const { grid, plan, track } = this.#options
    const ticks = grid.place(frame.dtsMs)
    const offset = grid.placeOffset(frame.ptsMs - frame.dtsMs) - this.#firstOffset
    if (Math.abs(offset) > grid.exactTicks(mostReorderMs)) return 'timestamp-jump'
    const cuts = frame.keyframe && this.#cutsAt(ticks)
    if (!cuts && ticks + this.#frameDuration() - this.#segmentStart > this.#segmentLimit) return 'keyframes-too-far'
    this.#lastDuration = ticks - before.ticks
    track.add({ ...before, duration: this.#lastDuration })
    if (frame.keyframe) this.#gopStart = ticks
    if (cuts) {
      track.closeSegment()
      this.#openSegment(ticks, ticks + offset)
    }
    plan.advance(ticks)
    this.#hold(frame, ticks, offset)
    return null
  }

  /** Whether a keyframe here begins a segment: another GOP as long as the longest would not fit any more. */
  #cutsAt(ticks: number): boolean {
    this.#longestGop = Math.max(this.#longestGop, ticks - this.#gopStart)
    return ticks - this.#segmentStart + this.#longestGop > this.#segmentLimit
  }

  #openSegment(ticks: number, presentedAt: number): void {
    const { plan, track, nextNumber } = this.#options
    const n = nextNumber()
    this.#segmentStart = ticks
    track.openSegment(n, ticks)
    plan.cut(n, presentedAt)
  }

  #hold({ dtsMs, ptsMs, keyframe, data }: MasterFrame, ticks: number, compositionOffset: number): void {
    this.#waiting = { dtsMs, ticks, keyframe, compositionOffset, data }
    this.#options.plan.remember(ptsMs, ticks + compositionOffset)
  }

  #frameDuration(): number {
    return this.#options.grid.frameTicks ?? this.#lastDuration
  }
}
