const toleranceMs = 30
/** A jump further than this has to be confirmed by the next frame: one stray timestamp must not silence what follows. */
const confirmMs = 500

/**
 * Times of sound by counting samples, so that rounded or jittered timestamps leave no seams. The count is corrected
 * when a timestamp is more than 30 ms away from it: forwards by a jump, backwards by leaving frames out.
 */
export class AudioClock {
  readonly #sampleRate: number
  readonly #samplesPerFrame: number
  #next: number | null = null
  #suspected: number | null = null

  constructor(sampleRate: number, samplesPerFrame: number) {
    this.#sampleRate = sampleRate
    this.#samplesPerFrame = samplesPerFrame
  }

  /** Ticks (samples) of a frame that began `ms` after the span did, or null when it has to be left out. */
  place(ms: number): number | null {
    const measured = Math.round((ms * this.#sampleRate) / 1000)
    if (measured < 0) return null
    const expected = this.#next ?? measured
    const deviationMs = ((measured - expected) * 1000) / this.#sampleRate
    if (deviationMs < -toleranceMs) return null
    const jumps = this.#believes(measured, deviationMs) && deviationMs > toleranceMs
    const ticks = jumps ? measured : expected
    this.#next = ticks + this.#samplesPerFrame
    return ticks
  }

  #believes(measured: number, deviationMs: number): boolean {
    const expected = this.#suspected
    this.#suspected = deviationMs > confirmMs ? measured + this.#samplesPerFrame : null
    if (deviationMs <= confirmMs) return true
    return expected !== null && Math.abs(measured - expected) * 1000 <= toleranceMs * this.#sampleRate
  }
}
