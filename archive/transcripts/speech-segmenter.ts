import { speechSampleRate } from './speech-engine.ts'

/** The voice detector as sherpa-onnx offers it: fed windows of 512 samples, it queues stretches of speech. */
export interface VoiceDetector {
  acceptWaveform(samples: Float32Array): void
  isDetected(): boolean
  isEmpty(): boolean
  front(enableExternalBuffer?: boolean): { start: number; samples: Float32Array }
  pop(): void
  flush(): void
}

/** A stretch of speech; `from` and `to` count samples since the first one pushed. */
export interface SpeechStretch {
  readonly from: number
  readonly to: number
  /** Where the detector heard speech begin; `from` is earlier by the pre-roll. */
  readonly onset: number
  readonly samples: Float32Array
}

/** Any other size blurs the boundaries. */
export const windowSamples = 512
/** Soft onsets are noticed up to 0.45 s late. */
const preRollSamples = 0.5 * speechSampleRate
/** Whisper hears the first 29.5 s of a stretch; the pre-roll and the silence appended are within that. */
const longestSamples = 24 * speechSampleRate

/**
 * Cuts audio into stretches of speech of at most about 24 s. Keeps only what may still belong to one: `consumed` is the first sample
 * that is still needed.
 */
export class SpeechSegmenter {
  readonly #detector: VoiceDetector
  readonly #ready: SpeechStretch[] = []
  #kept = new Float32Array(0)
  /** Position of the first sample in `#kept`. */
  #keptFrom = 0
  #heard = 0
  #speakingSince: number | null = null
  #lastEnd = 0

  constructor(detector: VoiceDetector) {
    this.#detector = detector
  }

  /** Stretches that ended within `samples`, any number of them long. */
  push(samples: Float32Array): SpeechStretch[] {
    this.#keep(samples)
    while (this.#keptFrom + this.#kept.length - this.#heard >= windowSamples) this.#hear(windowSamples)
    this.#forget()
    return this.#ready.splice(0)
  }

  /** What is left at the end of the audio. */
  finish(): SpeechStretch[] {
    const rest = this.#keptFrom + this.#kept.length - this.#heard
    if (rest > 0) {
      const end = this.#keptFrom + this.#kept.length
      this.#keep(new Float32Array(windowSamples - rest))
      this.#hear(windowSamples)
      this.#kept = this.#kept.subarray(0, end - this.#keptFrom)
      this.#heard = end
    }
    this.#detector.flush()
    this.#collect()
    return this.#ready.splice(0)
  }

  get consumed(): number {
    return this.#keptFrom
  }

  #keep(samples: Float32Array): void {
    const joined = new Float32Array(this.#kept.length + samples.length)
    joined.set(this.#kept)
    joined.set(samples, this.#kept.length)
    this.#kept = joined
  }

  #hear(count: number): void {
    const at = this.#heard - this.#keptFrom
    this.#detector.acceptWaveform(this.#kept.slice(at, at + count))
    this.#heard += count
    if (!this.#detector.isDetected()) this.#speakingSince = null
    else this.#speakingSince ??= this.#heard
    if (this.#speakingSince !== null && this.#heard - this.#speakingSince > longestSamples) {
      this.#detector.flush()
      this.#speakingSince = null
    }
    this.#collect()
  }

  #collect(): void {
    while (!this.#detector.isEmpty()) {
      const { start, samples } = this.#detector.front(false)
      this.#detector.pop()
      const from = Math.max(this.#lastEnd, this.#keptFrom, start - preRollSamples)
      const to = Math.min(start + samples.length, this.#keptFrom + this.#kept.length)
      if (to <= from) continue
      this.#ready.push({
        from,
        to,
        onset: Math.max(from, start),
        samples: this.#kept.slice(from - this.#keptFrom, to - this.#keptFrom),
      })
      this.#lastEnd = to
    }
  }

  /** While nobody speaks a second is kept: the detector places a start up to half a second before it notices. */
  #forget(): void {
    if (this.#speakingSince !== null) return
    const needed = Math.max(this.#lastEnd, this.#heard - speechSampleRate)
    if (needed <= this.#keptFrom) return
    this.#kept = this.#kept.slice(needed - this.#keptFrom)
    this.#keptFrom = needed
  }
}
