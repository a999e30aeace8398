import type { Fraction } from '../codec/avc-vui.ts'

const looseTimescale = 90_000
const finestEnough = 10_000
const toleranceMs = 5

/** Ticks per second in which a frame of this rate lasts a whole number of ticks: 25 gives 25000, 30000/1001 gives 30000. */
export function gridTimescale(frameRate: Fraction | null): number {
  if (!frameRate) return looseTimescale
  let timescale = frameRate.num
  while (timescale < finestEnough) timescale *= 10
  return timescale
}

/**
 * Puts an encoder's millisecond times on the exact grid of its frame rate when they are within 5 ms of it. A frame
 * that is further off (the encoder's clock drifts, or a rate is claimed that is not kept) keeps its own time, and the
 * grid goes on from there. Without a rate every time stays as it is. Ticks count from the first time given.
 */
export class FrameGrid {
  readonly timescale: number
  /** Duration of one frame, or null without a rate. */
  readonly frameTicks: number | null
  #zeroMs: number | null = null
  #anchor = 0
  #last = -1

  constructor(frameRate: Fraction | null) {
    this.timescale = gridTimescale(frameRate)
    this.frameTicks = frameRate ? (this.timescale / frameRate.num) * frameRate.den : null
  }

  /** Decode times, in decode order: each answer is later than the one before. */
  place(ms: number): number {
    this.#zeroMs ??= ms
    const exact = this.exactTicks(ms - this.#zeroMs)
    const snapped = this.#snap(exact)
    if (snapped === null || snapped <= this.#last) {
      this.#anchor = Math.max(exact, this.#last + 1)
      this.#last = this.#anchor
    } else {
      this.#last = snapped
    }
    return this.#last
  }

  /** A difference of two times (a composition offset) as whole frames where it is one within 5 ms. */
  placeOffset(ms: number): number {
    const exact = this.exactTicks(ms)
    if (this.frameTicks === null) return exact
    const whole = Math.round(exact / this.frameTicks) * this.frameTicks
    return this.#near(whole, exact) ? whole : exact
  }

  exactTicks(ms: number): number {
    return Math.round((ms * this.timescale) / 1000)
  }

  #snap(exact: number): number | null {
    if (this.frameTicks === null) return exact
    const onGrid = this.#anchor + Math.round((exact - this.#anchor) / this.frameTicks) * this.frameTicks
    return this.#near(onGrid, exact) ? onGrid : null
  }

  #near(ticks: number, exact: number): boolean {
    return Math.abs(ticks - exact) * 1000 <= toleranceMs * this.timescale
  }
}
