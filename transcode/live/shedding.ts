const firstCalmMs = 5 * 60_000
const longestCalmMs = 80 * 60_000

/**
 * How many steps cheaper than chosen the ladder is. A step taken is taken back after five calm minutes; when that was
 * too early, twice as long is waited the next time.
 */
export class Shedding {
  #steps = 0
  #calmMs = firstCalmMs
  #changedAtMs = 0
  #restored = false

  get steps(): number {
    return this.#steps
  }

  overloaded(nowMs: number): void {
    if (this.#restored) this.#calmMs = Math.min(longestCalmMs, 2 * this.#calmMs)
    this.#restored = false
    this.#steps += 1
    this.#changedAtMs = nowMs
  }

  /** True when a step was taken back at this moment. */
  calm(nowMs: number): boolean {
    if (this.#steps === 0 || nowMs - this.#changedAtMs < this.#calmMs) return false
    this.#steps -= 1
    this.#restored = true
    this.#changedAtMs = nowMs
    return true
  }
}
