const bucketMs = 500
const buckets = 10

/** Bytes over the last five seconds, in buckets of half a second, so that its size does not grow with the traffic. */
export class BitrateWindow {
  readonly #bytes = new Array<number>(buckets).fill(0)
  readonly #startedMs: number
  #bucket: number

  constructor(nowMs: number) {
    this.#startedMs = nowMs
    this.#bucket = Math.floor(nowMs / bucketMs)
  }

  add(bytes: number, nowMs: number): void {
    this.#advance(nowMs)
    const at = this.#bucket % buckets
    this.#bytes[at] = (this.#bytes[at] ?? 0) + bytes
  }

  /** Bits per second averaged over a whole five seconds, however short the connection is: a first burst is no offence. */
  averageBps(nowMs: number): number {
    return (this.#sum(nowMs) * 8000) / (bucketMs * buckets)
  }

  /** Bits per second over what has passed, for people to read. */
  observedBps(nowMs: number): number {
    const passedMs = Math.min(Math.max(nowMs - this.#startedMs, bucketMs), bucketMs * buckets)
    return Math.round((this.#sum(nowMs) * 8000) / passedMs)
  }

  #sum(nowMs: number): number {
    this.#advance(nowMs)
    return this.#bytes.reduce((sum, bytes) => sum + bytes, 0)
  }

  #advance(nowMs: number): void {
    const bucket = Math.floor(nowMs / bucketMs)
    const passed = Math.min(bucket - this.#bucket, buckets)
    for (let step = 1; step <= passed; step++) this.#bytes[(this.#bucket + step) % buckets] = 0
    if (bucket > this.#bucket) this.#bucket = bucket
  }
}
