/** Since when a condition has held without a break, in whatever time the caller counts. */
export class Lasting {
  #sinceMs: number | null = null

  get sinceMs(): number | null {
    return this.#sinceMs
  }

  note(holds: boolean, atMs: number): void {
    if (!holds) this.#sinceMs = null
    else this.#sinceMs ??= atMs
  }

  /** The beginning, when it lies at least `forMs` back. */
  for(forMs: number, nowMs: number): number | null {
    return this.#sinceMs !== null && nowMs - this.#sinceMs >= forMs ? this.#sinceMs : null
  }
}
