import type { FeedSample } from '#archive/hls/feed.ts'

/** What is needed before an estimate is believed. */
const leastSamples = 20
const leastObservedMs = 1_000
/** The estimate may not have fallen by more than `restlessMs` within the last `calmMs`: a backlog is draining then. */
const restlessMs = 500
const calmMs = 10_000
/**
 * A backlog that drains slowly is told from jitter by a fall that goes on: more than `unsettledMs` within the last
 * `settlingMs`. One that drains at less than 1.02 times real time looks like an encoder with a delay of its own.
 */
const unsettledMs = 40
const settlingMs = 2_000
/** A step back of the encoder's clock beyond what reordering explains: a new clock, of which nothing is known. */
const restartMs = 1_000
const noteEveryMs = 250
/** Frames are not reordered over more than this; a composition time beyond it is an encoder's mistake. */
const longestReorderingMs = 5_000

interface Note {
  readonly atMs: number
  readonly offsetMs: number
}

/**
 * Ties the encoder's clock to ours: a frame cannot arrive before it was taken, so the smallest `arrival - timestamp`
 * ever seen is the closest bound on the offset between the two clocks, and no later delay disturbs it. What the encoder
 * and the line *always* take stays inside the estimate and cannot be seen from here.
 */
export class FeedAnchor {
  #offsetMs = Number.POSITIVE_INFINITY
  #samples = 0
  #firstArrivalMs: number | null = null
  #lastArrivalMs = 0
  #metAtMs: number | null = null
  /** Apart, because sound and picture may be interleaved at a distance. */
  #latestPtsMs = { video: Number.NEGATIVE_INFINITY, audio: Number.NEGATIVE_INFINITY }
  /** The estimate as it stood at times within the last `calmMs`, oldest first. */
  #notes: Note[] = []

  observe(sample: FeedSample): void {
    const { kind, ptsMs, arrivedAtMs } = sample
    this.#metAtMs ??= arrivedAtMs
    if (!this.believes(sample)) return
    if (ptsMs < this.#latestPtsMs[kind] - restartMs) this.#restart()
    this.#latestPtsMs[kind] = Math.max(this.#latestPtsMs[kind], ptsMs)
    this.#firstArrivalMs ??= arrivedAtMs
    this.#lastArrivalMs = arrivedAtMs
    this.#samples += 1
    this.#offsetMs = Math.min(this.#offsetMs, arrivedAtMs - ptsMs)
    this.#note(arrivedAtMs)
  }

  /** WallTime of the first sample of the session, whatever its clock did since; null before it. */
  get metAtMs(): number | null {
    return this.#metAtMs
  }

  /** Whether the time of a sample can be its own. */
  believes(sample: FeedSample): boolean {
    return sample.kind === 'audio' || Math.abs(sample.ptsMs - sample.dtsMs) <= longestReorderingMs
  }

  /** Whether `captureMs` may be relied upon. */
  certain(): boolean {
    const observedMs = this.#firstArrivalMs === null ? 0 : this.#lastArrivalMs - this.#firstArrivalMs
    return this.#samples >= leastSamples && observedMs >= leastObservedMs && !this.restless() && !this.#falls()
  }

  /** Whether a backlog is draining: frames arrive closer and closer to when they were taken. */
  restless(): boolean {
    return (this.#notes[0]?.offsetMs ?? this.#offsetMs) - this.#offsetMs > restlessMs
  }

  /** WallTime at which the sample was taken; null before the first observation. */
  captureMs(ptsMs: number): number | null {
    return this.#samples === 0 ? null : ptsMs + this.#offsetMs
  }

  #falls(): boolean {
    const fromMs = this.#lastArrivalMs - settlingMs
    const before = this.#notes.findLast(({ atMs }) => atMs <= fromMs) ?? this.#notes[0]
    return (before?.offsetMs ?? this.#offsetMs) - this.#offsetMs > unsettledMs
  }

  #note(arrivedAtMs: number): void {
    const last = this.#notes.at(-1)
    if (!last || arrivedAtMs - last.atMs >= noteEveryMs) {
      this.#notes.push({ atMs: arrivedAtMs, offsetMs: this.#offsetMs })
    }
    while ((this.#notes[0]?.atMs ?? arrivedAtMs) < arrivedAtMs - calmMs) this.#notes.shift()
  }

  #restart(): void {
    this.#offsetMs = Number.POSITIVE_INFINITY
    this.#samples = 0
    this.#firstArrivalMs = null
    this.#latestPtsMs = { video: Number.NEGATIVE_INFINITY, audio: Number.NEGATIVE_INFINITY }
    this.#notes = []
  }
}
