import type { PackagedEvent } from '#archive/hls/packaging.ts'
import type { TrackOptions, TrackSample } from './rendition-track.ts'
import { RenditionTrack } from './rendition-track.ts'
import type { PlannedSegment, SpanPlan } from './span-plan.ts'

export interface FollowerOptions extends TrackOptions {
  readonly plan: SpanPlan
  /** Duration of a frame in ticks where the next one does not tell. */
  readonly frameTicks: number
  /** How far it may stay behind the master before a segment is closed without the rest, in milliseconds. */
  readonly lagMs: number
}

/** A sample whose duration the next one tells. */
export type FollowerSample = Omit<TrackSample, 'duration'>

/** About 40 s of frames: beyond that whoever feeds us has lost the master, and the newest are dropped. */
const longestQueue = 2000

/**
 * A rendition that is cut where the master is: the sound, and what encoders make. It fills the master's segments in
 * order and answers for each with a segment or a gap, never stalling the others.
 */
export class Follower {
  readonly #options: FollowerOptions
  readonly #track: RenditionTrack
  readonly #emit: (event: PackagedEvent) => void
  #index = 0
  #queue: FollowerSample[] = []
  #waiting: FollowerSample | null = null
  #dropped = false
  /** The segment being filled was closed early: nothing more is taken for it. */
  #closedShort = false

  constructor(options: FollowerOptions) {
    this.#options = options
    this.#track = new RenditionTrack(options)
    this.#emit = options.emit
  }

  /** Index into the plan of the segment being filled. */
  get index(): number {
    return this.#index
  }

  push(sample: FollowerSample): void {
    if (this.#dropped || this.#queue.length >= longestQueue) return
    this.#queue.push(sample)
  }

  /** Takes what can be placed; call it after the plan or the queue has grown. */
  drain(): void {
    const horizon = this.#scaled(this.#options.plan.horizonTicks)
    let taken = 0
    for (const sample of this.#queue) {
      if (sample.ticks > horizon) break
      this.#place(sample)
      taken += 1
    }
    if (taken > 0) this.#queue.splice(0, taken)
    this.#leaveOverdue()
  }

  /** Nothing more comes: what is open is closed short, and gaps follow until samples may come again. */
  drop(): void {
    this.#dropped = true
    this.#queue = []
    const segment = this.#options.plan.segment(this.#index)
    if (segment && this.#track.open) this.#closeShort(segment)
    this.drain()
  }

  revive(): void {
    this.#dropped = false
  }

  /** The plan has ended and nothing more comes. */
  finish(): void {
    this.drain()
    for (let segment = this.#current(); segment; segment = this.#current()) this.#leave(segment, false)
  }

  #current(): PlannedSegment | undefined {
    return this.#options.plan.segment(this.#index)
  }

  #place(sample: FollowerSample): void {
    let segment = this.#current()
    while (segment && segment.endTicks !== null && this.#reaches(sample, this.#scaled(segment.endTicks))) {
      this.#leave(segment, true)
      segment = this.#current()
    }
    if (!segment || this.#closedShort) return
    if (!this.#waiting) this.#waiting = this.#begin(sample, segment)
    else if (sample.ticks > this.#waiting.ticks) {
      this.#flush(sample.ticks - this.#waiting.ticks)
      this.#waiting = sample
    }
  }

  /** A keyframe within half a frame of the cut is the one made for it. */
  #reaches(sample: FollowerSample, cut: number): boolean {
    return sample.ticks >= cut || (this.#isPicture && sample.keyframe && this.#isAt(sample, cut))
  }

  #isAt(sample: FollowerSample, cut: number): boolean {
    return Math.abs(sample.ticks - cut) * 2 < this.#options.frameTicks
  }

  get #isPicture(): boolean {
    return this.#options.kind === 'video'
  }

  /** Video joins a segment at its first frame only: it has to be a keyframe at the master's cut. */
  #begin(sample: FollowerSample, segment: PlannedSegment): FollowerSample | null {
    const cut = this.#scaled(segment.startTicks)
    const joins = this.#isPicture ? sample.keyframe && this.#isAt(sample, cut) : sample.ticks >= cut
    if (!joins) return null
    const first = this.#isPicture ? { ...sample, ticks: cut } : sample
    this.#track.openSegment(segment.n, first.ticks, cut)
    return first
  }

  #closeShort(segment: PlannedSegment): void {
    this.#flushLast(segment, false)
    this.#track.closeSegment()
    this.#closedShort = true
  }

  /** `reached`: a later sample is here, so that the last one of this segment lasts until the cut. */
  #leave(segment: PlannedSegment, reached: boolean): void {
    if (this.#track.open) {
      this.#flushLast(segment, reached)
      this.#track.closeSegment()
    } else if (!this.#closedShort) {
      this.#emitGap(segment)
    }
    this.#closedShort = false
    this.#index += 1
  }

  #emitGap({ n, startTicks, endTicks }: PlannedSegment): void {
    const { span, rendition, plan } = this.#options
    const durationMs = (((endTicks ?? startTicks) - startTicks) * 1000) / plan.timescale
    this.#emit({ type: 'gap', span, rendition, n, durationMs })
  }

  /** A frame of sound reaches over the cut; a picture lasts until the cut. */
  #flushLast(segment: PlannedSegment, reached: boolean): void {
    if (!this.#waiting) return
    const { kind, frameTicks } = this.#options
    const untilCut = segment.endTicks === null ? frameTicks : this.#scaled(segment.endTicks) - this.#waiting.ticks
    if (kind === 'audio' || untilCut <= 0) this.#flush(frameTicks)
    else this.#flush(reached ? untilCut : Math.min(untilCut, frameTicks))
  }

  #flush(duration: number): void {
    if (!this.#waiting) return
    this.#track.add({ ...this.#waiting, duration })
    this.#waiting = null
  }

  #leaveOverdue(): void {
    const { plan, lagMs } = this.#options
    if (plan.ended) return
    const lag = this.#dropped ? 0 : (lagMs * plan.timescale) / 1000
    let segment = this.#current()
    while (segment && segment.endTicks !== null && plan.horizonTicks - segment.endTicks >= lag) {
      this.#leave(segment, false)
      segment = this.#current()
    }
  }

  /** The first tick of this rendition at or after a tick of the master. */
  #scaled(masterTicks: number): number {
    const { plan, timescale } = this.#options
    if (timescale === plan.timescale || masterTicks === Number.MAX_SAFE_INTEGER) return masterTicks
    return Math.ceil((masterTicks * timescale) / plan.timescale)
  }
}
