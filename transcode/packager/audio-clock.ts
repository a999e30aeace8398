const toleranceMs = 30

/**
 * Times of sound by counting samples, so that rounded or jittered timestamps leave no seams. The count is corrected
 * when a timestamp is more than 30 ms away from it: forwards by a jump, backwards by leaving frames out.
 */
export class AudioClock {
  readonly #sampleRate: number
  readonly #samplesPerFrame: number
  #next: number | null = null

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
    const ticks = deviationMs > toleranceMs ? measured : expected
    this.#next = ticks + this.#samplesPerFrame
    return ticks
  }
}
