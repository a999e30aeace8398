import type { VoiceDetector } from '#archive/transcripts/speech-segmenter.ts'

/** Hears speech wherever samples are not zero; ends a stretch at the first silent window. */
export class LevelDetector implements VoiceDetector {
  readonly windows: number[] = []
  #at = 0
  #from: number | null = null
  readonly #queue: { start: number; samples: Float32Array }[] = []

  acceptWaveform(samples: Float32Array): void {
    this.windows.push(samples.length)
    if (samples.some((sample) => sample !== 0)) this.#from ??= this.#at
    else this.flush()
    this.#at += samples.length
  }
  isDetected = () => this.#from !== null
  isEmpty = () => this.#queue.length === 0
  front() {
    const first = this.#queue[0]
    if (!first) throw new Error('empty')
    return first
  }
  pop(): void {
    if (!this.#queue.shift()) throw new Error('empty')
  }
  flush(): void {
    if (this.#from !== null) this.#queue.push({ start: this.#from, samples: new Float32Array(this.#at - this.#from) })
    this.#from = null
  }
}
