const turn = 2 ** 32
const half = 2 ** 31

/**
 * Turns RTMP's 32-bit milliseconds into a count that does not wrap: each timestamp is read as the one nearest to its
 * predecessor (RTMP 1.0, 5.3.1: timestamps may roll over; compare them by serial number arithmetic).
 */
export class TimestampUnroller {
  #last: number | null = null

  unroll(timestamp: number): number {
    if (this.#last === null) {
      this.#last = timestamp
      return timestamp
    }
    const forward = (((timestamp - this.#last) % turn) + turn) % turn
    this.#last += forward >= half ? forward - turn : forward
    return this.#last
  }
}
