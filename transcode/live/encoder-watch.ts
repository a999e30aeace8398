/** Without output for this long, while input flows, an encoder counts as stalled. */
const stallMs = 3_000
/** Input that must have come since the last output for "input flows"; who gives nothing for so long is not just slow. */
const flowMs = 1_000
/** An encoder this far behind its input, for `patienceMs` and not catching up, is overloaded. */
const lagLimitMs = 1_500
const patienceMs = 3_000
/** Catching up means gaining this much within the patience: a backlog at the start shrinks faster. */
const gainMs = 300

interface Lag {
  readonly atMs: number
  readonly lagMs: number
}

/**
 * Judges one encoder by the media time that went in and came out. Pure: every call carries the monotonic time.
 */
export class EncoderWatch<Rendition extends string> {
  readonly #out = new Map<Rendition, number>()
  #fedMs: number | null = null
  /** Newest input when output last came, and when that was. */
  #heard: { atMs: number; fedMs: number } | null = null
  #lags: Lag[] = []

  constructor(renditions: readonly Rendition[]) {
    for (const rendition of renditions) this.#out.set(rendition, Number.NEGATIVE_INFINITY)
  }

  fed(ptsMs: number, nowMs: number): void {
    this.#fedMs = Math.max(this.#fedMs ?? ptsMs, ptsMs)
    this.#heard ??= { atMs: nowMs, fedMs: ptsMs }
  }

  gave(rendition: Rendition, ptsMs: number, nowMs: number): void {
    this.#out.set(rendition, ptsMs)
    this.#heard = { atMs: nowMs, fedMs: this.#fedMs ?? ptsMs }
  }

  /** To be asked a few times a second. */
  verdict(nowMs: number): 'fine' | 'stalled' | 'overloaded' {
    const heard = this.#heard
    if (this.#fedMs === null || heard === null) return 'fine'
    if (nowMs - heard.atMs >= stallMs && this.#fedMs - heard.fedMs >= flowMs) return 'stalled'
    const silent = nowMs - heard.atMs >= flowMs
    return this.#isOverloaded(nowMs) && !silent ? 'overloaded' : 'fine'
  }

  #isOverloaded(nowMs: number): boolean {
    const slowest = Math.min(...this.#out.values())
    const lagMs = (this.#fedMs ?? 0) - slowest
    // Before the first output only a stall can be told.
    if (!Number.isFinite(lagMs) || lagMs <= lagLimitMs) {
      this.#lags = []
      return false
    }
    this.#lags.push({ atMs: nowMs, lagMs })
    while ((this.#lags[1]?.atMs ?? nowMs) <= nowMs - patienceMs) this.#lags.shift()
    const before = this.#lags[0]
    return before !== undefined && nowMs - before.atMs >= patienceMs && before.lagMs - lagMs < gainMs
  }
}
