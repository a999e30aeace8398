const windowMs = 60_000
const deathsAllowed = 10
const restMs = 60_000
/** The first restart comes at once, the later ones a little later each; all of them within two seconds. */
const delaysMs = [0, 100, 200, 400, 800] as const
const longestDelayMs = 1_500

/** Counts the deaths of encoders: ten within a minute earn a minute's rest. Times are monotonic. */
export class RestartBudget {
  readonly restMs = restMs
  #deaths: number[] = []
  #restUntilMs = Number.NEGATIVE_INFINITY

  /** True when this death was the one too many: nothing is started until the rest is over. */
  died(nowMs: number): boolean {
    this.#deaths = [...this.#deaths.filter((atMs) => atMs > nowMs - windowMs), nowMs]
    if (this.#deaths.length < deathsAllowed) return false
    this.#deaths = []
    this.#restUntilMs = nowMs + restMs
    return true
  }

  /** How long to wait before the next start. */
  delayMs(nowMs: number): number {
    const recent = this.#deaths.filter((atMs) => atMs > nowMs - windowMs).length
    return delaysMs[Math.max(0, recent - 1)] ?? longestDelayMs
  }

  isResting(nowMs: number): boolean {
    return nowMs < this.#restUntilMs
  }
}
