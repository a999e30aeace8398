/** A segment as the master cut it; every rendition fills the same ones. Ticks are the master's, from the span's start. */
export interface PlannedSegment {
  readonly n: number
  readonly startTicks: number
  /** Null while the segment grows. */
  readonly endTicks: number | null
}

/** Where the master has cut, and how far it has come: what the other renditions of the span go by. */
export class SpanPlan {
  readonly timescale: number
  readonly #segments = new Map<number, PlannedSegment>()
  #count = 0
  #horizonTicks = -1
  #ended = false
  #latestFeedMs = -Infinity
  readonly #ticksByFeedMs = new Map<number, number>()

  constructor(timescale: number) {
    this.timescale = timescale
  }

  /** No cut at or before this is still to come. */
  get horizonTicks(): number {
    return this.#horizonTicks
  }

  get ended(): boolean {
    return this.#ended
  }

  segment(index: number): PlannedSegment | undefined {
    return this.#segments.get(index)
  }

  cut(n: number, atTicks: number): void {
    const startTicks = this.#close(atTicks)
    this.#segments.set(this.#count, { n, startTicks, endTicks: null })
    this.#count += 1
    this.advance(startTicks)
  }

  advance(ticks: number): void {
    this.#horizonTicks = Math.max(this.#horizonTicks, ticks)
  }

  end(atTicks: number): void {
    this.#close(atTicks)
    this.#horizonTicks = Number.MAX_SAFE_INTEGER
    this.#ended = true
  }

  /** Segments before `index` are of no more use to anybody. */
  forget(index: number): void {
    const keep = Math.min(index, this.#count - 1)
    for (const known of this.#segments.keys()) {
      if (known >= keep) return
      this.#segments.delete(known)
    }
  }

  /** Remembers where a frame of the feed stands, so that what an encoder makes of it stands there too. */
  remember(feedMs: number, ticks: number): void {
    this.#latestFeedMs = Math.max(this.#latestFeedMs, feedMs)
    this.#ticksByFeedMs.set(Math.round(feedMs), ticks)
    if (this.#ticksByFeedMs.size <= rememberedFrames) return
    const [oldest] = this.#ticksByFeedMs.keys()
    if (oldest !== undefined) this.#ticksByFeedMs.delete(oldest)
  }

  recall(feedMs: number): number | undefined {
    return this.#ticksByFeedMs.get(Math.round(feedMs))
  }

  /** The latest time of the feed that the master has shown. */
  get latestFeedMs(): number {
    return this.#latestFeedMs
  }

  /** Returns where the segment ended: never before it began, whatever order a source presents its keyframes in. */
  #close(atTicks: number): number {
    const open = this.#segments.get(this.#count - 1)
    if (!open) return atTicks
    const endTicks = Math.max(atTicks, open.startTicks)
    this.#segments.set(this.#count - 1, { ...open, endTicks })
    return endTicks
  }
}

/** Half a minute at 60 fps: longer than any encoder stays behind. */
const rememberedFrames = 1800
