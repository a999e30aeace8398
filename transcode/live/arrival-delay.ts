/**
 * When the feed's clock stood at zero, in WallTime: of all that was seen, what arrived the earliest for its time
 * tells best, since the line can only delay.
 */
export class ArrivalDelay {
  #zeroMs = Number.POSITIVE_INFINITY

  seen(timeMs: number, arrivedAtMs: number): void {
    this.#zeroMs = Math.min(this.#zeroMs, arrivedAtMs - timeMs)
  }

  /** Null before anything was seen. */
  get wallAtZeroMs(): number | null {
    return Number.isFinite(this.#zeroMs) ? this.#zeroMs : null
  }

  reset(): void {
    this.#zeroMs = Number.POSITIVE_INFINITY
  }
}
