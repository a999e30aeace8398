interface Piece {
  readonly position: number
  readonly samples: Float32Array
}

interface Stretch {
  readonly from: number
  readonly to: number
}

/** Audio that a speech process has not finished with, kept to be sent again should the process die. */
export class UnheardAudio {
  #pieces: Piece[] = []
  readonly #muted: Stretch[] = []
  #start = 0
  #end = 0

  /** First sample still needed. */
  get start(): number {
    return this.#start
  }

  get lengthSamples(): number {
    return this.#end - this.#start
  }

  append(samples: Float32Array): void {
    this.#pieces.push({ position: this.#end, samples })
    this.#end += samples.length
  }

  forget(upTo: number): void {
    this.#start = Math.min(this.#end, Math.max(this.#start, upTo))
    this.#pieces = this.#pieces.filter(({ position, samples }) => position + samples.length > this.#start)
  }

  /** From then on the stretch is silence. */
  mute(stretch: Stretch): void {
    this.#muted.push(stretch)
  }

  /** Everything from `start` on, silenced where muted. */
  *pieces(): Generator<Float32Array> {
    for (const { position, samples } of this.#pieces) {
      const copy = samples.slice()
      for (const { from, to } of this.#muted) {
        if (to > position && from < position + copy.length) copy.fill(0, Math.max(0, from - position), to - position)
      }
      yield copy.subarray(Math.max(0, this.#start - position))
    }
  }
}
