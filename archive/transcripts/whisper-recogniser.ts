import sherpa, {
  type OfflineRecognizer,
  type RecognizerConfig,
  type RecognizerResult,
  type Vad,
} from 'sherpa-onnx-node'
import type { Language } from '../core/settings-schema.ts'
import { spokenText, spokenWords } from './recognised-text.ts'
import { type SpokenWord, speechSampleRate } from './speech-engine.ts'
import type { SpeechModel } from './speech-model.ts'
import { type SpeechStretch, windowSamples } from './speech-segmenter.ts'

/** The decoder stops at six tokens per second of audio: silence behind the words gives it room to finish. */
const silenceSamples = 2 * speechSampleRate
/** A stretch this long in which only sounds were heard is tried again in halves. */
const suspiciousSamples = 8 * speechSampleRate

export interface Recognised {
  readonly text: string
  readonly words: readonly SpokenWord[]
}

/** Whisper through sherpa-onnx. Only within a process that may die: several faults of the library cannot be caught. */
export class WhisperRecogniser {
  readonly #recogniser: OfflineRecognizer
  readonly #config: RecognizerConfig

  private constructor(recogniser: OfflineRecognizer, config: RecognizerConfig) {
    this.#recogniser = recogniser
    this.#config = config
  }

  /** Rejects when the model cannot be loaded; the synchronous constructor would end the process instead. */
  static async load(model: SpeechModel, threads: number): Promise<WhisperRecogniser> {
    const config = configuration(model, threads)
    return new WhisperRecogniser(await sherpa.OfflineRecognizer.createAsync(config), config)
  }

  /** Never during a recognition. */
  setLanguage(language: Language | null): void {
    this.#config.modelConfig.whisper.language = language ?? ''
    this.#recogniser.setConfig(this.#config)
  }

  async recognise({ from, onset, samples }: SpeechStretch): Promise<Recognised> {
    const whole = await this.#decode(from, samples)
    if (whole.text !== '') return { ...whole, words: notBefore(whole.words, milliseconds(onset)) }
    if (samples.length < suspiciousSamples) return whole
    const middle = quietest(samples)
    const first = await this.#decode(from, samples.subarray(0, middle))
    const second = await this.#decode(from + middle, samples.subarray(middle))
    return { text: `${first.text} ${second.text}`.trim(), words: [...first.words, ...second.words] }
  }

  async #decode(from: number, samples: Float32Array): Promise<Recognised> {
    const padded = new Float32Array(samples.length + silenceSamples)
    padded.set(samples)
    const stream = this.#recogniser.createStream()
    stream.acceptWaveform({ samples: padded, sampleRate: speechSampleRate })
    const result: RecognizerResult = await this.#recogniser.decodeAsync(stream)
    const text = spokenText(result.text)
    const words = text === '' ? [] : spokenWords(result, milliseconds(from), milliseconds(samples.length))
    return { text, words }
  }
}

function configuration(model: SpeechModel, threads: number): RecognizerConfig {
  return {
    featConfig: { sampleRate: speechSampleRate, featureDim: 80 },
    modelConfig: {
      whisper: {
        encoder: model.encoder,
        decoder: model.decoder,
        language: '',
        task: 'transcribe',
        tailPaddings: -1,
        enableTokenTimestamps: 1,
        enableSegmentTimestamps: 0,
      },
      tokens: model.tokens,
      numThreads: threads,
      provider: 'cpu',
      debug: 0,
    },
  }
}

export function voiceDetector(model: SpeechModel): Vad {
  return new sherpa.Vad(
    {
      sileroVad: {
        model: model.vad,
        threshold: 0.5,
        minSilenceDuration: 0.5,
        minSpeechDuration: 0.25,
        maxSpeechDuration: 20,
        windowSize: windowSamples,
      },
      sampleRate: speechSampleRate,
      numThreads: 1,
      provider: 'cpu',
      debug: 0,
    },
    60,
  )
}

function milliseconds(samples: number): number {
  return (samples * 1000) / speechSampleRate
}

/** Whisper lets the first word begin with the stretch, which begins with the pre-roll. */
function notBefore(words: readonly SpokenWord[], onsetMs: number): readonly SpokenWord[] {
  const [first, ...others] = words
  if (!first) return words
  return [{ ...first, startMs: Math.round(Math.max(first.startMs, Math.min(onsetMs, first.endMs))) }, ...others]
}

/** Where, in the middle third, a tenth of a second is quietest. */
function quietest(samples: Float32Array): number {
  const step = speechSampleRate / 10
  const first = Math.floor(samples.length / 3)
  let best = { at: Math.floor(samples.length / 2), energy: Number.POSITIVE_INFINITY }
  for (let at = first; at + step < 2 * first; at += step) {
    const energy = samples.subarray(at, at + step).reduce((sum, value) => sum + value * value, 0)
    if (energy < best.energy) best = { at: at + step / 2, energy }
  }
  return best.at
}
