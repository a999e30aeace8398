import type { SpanId } from '#archive/core/ids.ts'
import type { PackagedEvent, RenditionName } from '#archive/hls/packaging.ts'
import { type FragmentSample, writeFragment } from '../mp4/fragment-writer.ts'
import { trackId } from '../mp4/init-section.ts'
import type { SpanLimits } from './span-options.ts'

export interface TrackOptions {
  readonly span: SpanId
  readonly rendition: RenditionName
  readonly kind: 'video' | 'audio'
  readonly timescale: number
  readonly limits: SpanLimits
  readonly emit: (event: PackagedEvent) => void
}

/** A sample with its decode time in ticks of the track from the span's start. */
export interface TrackSample extends FragmentSample {
  readonly ticks: number
}

interface OpenSegment {
  readonly n: number
  readonly startTicks: number
  /** Where the master's segment begins: the parts of audio are counted from there. */
  readonly cutTicks: number
  endTicks: number
  parts: number
}

/** Groups the samples of one rendition into parts, and parts into the segments it is told. */
export class RenditionTrack {
  readonly #options: TrackOptions
  readonly #nominal: number
  readonly #longest: number
  readonly #shortest: number
  #segment: OpenSegment | null = null
  #part: TrackSample[] = []
  #partTicks = 0
  #target = 0
  #sequence = 0
  #gop = { startTicks: 0, lastTicks: 0 }

  constructor(options: TrackOptions) {
    this.#options = options
    const ticks = (ms: number) => (ms * options.timescale) / 1000
    this.#nominal = ticks(options.limits.nominalPartMs)
    this.#longest = ticks(options.limits.longestPartMs)
    this.#shortest = ticks(options.limits.shortestPartMs)
  }

  get open(): boolean {
    return this.#segment !== null
  }

  openSegment(n: number, startTicks: number, cutTicks = startTicks): void {
    this.#segment = { n, startTicks, cutTicks, endTicks: startTicks, parts: 0 }
  }

  /** A sample that lasts longer than a part may is shortened to that: the timeline has a hole behind it. */
  add(added: TrackSample): void {
    const segment = this.#segment
    if (!segment) return
    const sample = added.duration > this.#longest ? { ...added, duration: Math.floor(this.#longest) } : added
    if (this.#part.length > 0 && this.#mustCutBefore(sample, segment)) this.#closePart(segment)
    if (sample.keyframe && this.#options.kind === 'video') this.#beginGop(sample.ticks)
    if (this.#part.length === 0) this.#target = this.#targetFrom(sample.ticks, segment)
    this.#part.push(sample)
    this.#partTicks += sample.duration
    segment.endTicks = sample.ticks + sample.duration
    if (this.#partTicks >= this.#target) this.#closePart(segment)
  }

  closeSegment(): void {
    const segment = this.#segment
    if (!segment) return
    if (this.#part.length > 0) this.#closePart(segment)
    this.#segment = null
    const { span, rendition, emit } = this.#options
    const { n, startTicks, endTicks } = segment
    emit({ type: 'segment', span, rendition, n, startTicks, durationTicks: endTicks - startTicks })
  }

  #mustCutBefore(sample: TrackSample, segment: OpenSegment): boolean {
    if (this.#partTicks + sample.duration > this.#longest || sample.ticks !== segment.endTicks) return true
    return this.#options.kind === 'video' && sample.keyframe && this.#partTicks >= this.#shortest
  }

  #beginGop(ticks: number): void {
    this.#gop = { startTicks: ticks, lastTicks: ticks - this.#gop.startTicks }
  }

  /**
   * How long the part that begins here should last. Video: a GOP is divided evenly when that keeps every part long
   * enough (48 frames at 24 fps are 10, 10, 10, 9, 9), so that the next keyframe begins a part. Audio: up to the next
   * multiple of the nominal duration after the master's cut.
   */
  #targetFrom(ticks: number, segment: OpenSegment): number {
    if (this.#options.kind === 'audio') {
      const end = segment.cutTicks + (segment.parts + 1) * this.#nominal
      return Math.max(end - ticks, this.#shortest)
    }
    const untilKeyframe = this.#gop.startTicks + this.#gop.lastTicks - ticks
    const even = untilKeyframe > 0 ? untilKeyframe / Math.ceil(untilKeyframe / this.#longest) : 0
    return even >= this.#shortest ? Math.min(even, this.#nominal) : this.#nominal
  }

  #closePart(segment: OpenSegment): void {
    const samples = this.#part
    const { span, rendition, emit, kind } = this.#options
    this.#sequence += 1
    const baseDecodeTime = samples[0]?.ticks ?? 0
    emit({
      type: 'part',
      span,
      rendition,
      n: segment.n,
      p: segment.parts,
      durationTicks: this.#partTicks,
      independent: kind === 'audio' || samples.some((sample) => sample.keyframe),
      bytes: writeFragment({ sequence: this.#sequence, trackId, baseDecodeTime, samples }),
    })
    segment.parts += 1
    this.#part = []
    this.#partTicks = 0
  }
}
