/** A restarted process skips at most this many numbers. */
export const numberBlock = 64

/**
 * Gives out segment numbers and keeps a reservation ahead of them. Numbers go on even when a reservation cannot be written
 * (a full disk must not stop a stream): names stay unique all the same, because every span has a random id.
 */
export class NumberReserve {
  #next: number
  #askedUpTo: number
  #confirmedUpTo = 0
  readonly #reserve: (upTo: number) => void

  constructor(next: number, reserve: (upTo: number) => void) {
    this.#next = next
    this.#reserve = reserve
    this.#askedUpTo = next + numberBlock
    reserve(this.#askedUpTo)
  }

  /** Numbers below this are reserved on disk. */
  get confirmedUpTo(): number {
    return this.#confirmedUpTo
  }

  take(): number {
    const number = this.#next++
    if (this.#next > this.#askedUpTo - numberBlock / 2) {
      this.#askedUpTo += numberBlock
      this.#reserve(this.#askedUpTo)
    }
    return number
  }

  confirm(upTo: number): void {
    this.#confirmedUpTo = Math.max(this.#confirmedUpTo, upTo)
  }
}
