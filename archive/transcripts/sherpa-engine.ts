import { AppError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { type SpeechEngine, type SpeechRequest, speechSampleRate, type Utterance } from './speech-engine.ts'
import type { FromSpeech } from './speech-message.ts'
import type { SpeechModel } from './speech-model.ts'
import { type SpeechExit, SpeechProcess } from './speech-process.ts'
import { UnheardAudio } from './unheard-audio.ts'

export interface SherpaOptions {
  /** The module of the speech process, `speech-child.ts`. */
  readonly childFile: string
  readonly model: SpeechModel
  readonly threads: number
  readonly log: Log
}

/** Audio on its way to the process or inside it; more than twice the longest stretch, so that it never waits for the rest of one. */
const windowSamples = 60 * speechSampleRate
/** The slowest stretch seen on a busy machine took 10 s. */
const patienceMs = 120_000
/** Deaths in a row without any progress after which the transcription is given up. */
const mostDeaths = 3

/** sherpa-onnx in a process of its own, started for each transcription and replaced when it dies. */
export class SherpaEngine implements SpeechEngine {
  readonly #options: SherpaOptions

  constructor(options: SherpaOptions) {
    this.#options = options
  }

  transcribe(audio: AsyncIterable<Float32Array>, request: SpeechRequest): AsyncIterable<Utterance> {
    return new Transcription(this.#options, audio, request).utterances()
  }
}

type Suspect = Extract<FromSpeech, { type: 'attempt' }>

class Transcription {
  readonly #options: SherpaOptions
  readonly #source: AsyncIterator<Float32Array>
  readonly #request: SpeechRequest
  readonly #unheard = new UnheardAudio()
  #process: SpeechProcess | null = null
  #sourceEnded = false
  #suspect: Suspect | null = null
  #formerSuspect: Suspect | null = null
  #deaths = 0

  constructor(options: SherpaOptions, audio: AsyncIterable<Float32Array>, request: SpeechRequest) {
    this.#options = options
    this.#source = audio[Symbol.asyncIterator]()
    this.#request = request
  }

  async *utterances(): AsyncGenerator<Utterance> {
    try {
      for (;;) {
        this.#process ??= await this.#start()
        await this.#feed(this.#process)
        const message = await this.#process.next(patienceMs, this.#request.signal)
        if (message.type === 'done') return
        const utterance = this.#take(message)
        if (utterance) yield utterance
      }
    } finally {
      this.#process?.kill()
      await this.#source.return?.()
    }
  }

  async #start(): Promise<SpeechProcess> {
    const started = new SpeechProcess(this.#options.childFile)
    try {
      started.send({ type: 'load', model: this.#options.model, threads: this.#options.threads })
      const answer = await started.next(patienceMs, this.#request.signal)
      // A corrupt file ends the process inside the library, before it can say so.
      if (answer.type === 'exit') throw new AppError('SPEECH_MODEL_UNUSABLE', { cause: answer.detail })
      if (answer.type === 'failed') throw new AppError(answer.code, { cause: answer.detail })
    } catch (error) {
      started.kill()
      throw error
    }
    started.send({ type: 'open', language: this.#request.language, position: this.#unheard.start })
    for (const samples of this.#unheard.pieces()) started.send({ type: 'audio', samples })
    if (this.#sourceEnded) started.send({ type: 'end' })
    return started
  }

  async #feed(running: SpeechProcess): Promise<void> {
    while (!this.#sourceEnded && this.#unheard.lengthSamples < windowSamples) {
      const { value, done } = await this.#source.next()
      if (done) {
        this.#sourceEnded = true
        running.send({ type: 'end' })
      } else if (value.length > 0) {
        this.#unheard.append(value)
        running.send({ type: 'audio', samples: value })
      }
    }
  }

  #take(message: FromSpeech | SpeechExit): Utterance | null {
    switch (message.type) {
      case 'attempt':
        this.#suspect = message
        return null
      case 'consumed':
        this.#progress(message.upTo)
        return null
      case 'text':
        this.#suspect = null
        this.#progress(message.to)
        return message.text === '' ? null : utteranceOf(message)
      case 'exit':
        this.#died(message)
        return null
      default:
        return null
    }
  }

  #progress(upTo: number): void {
    if (upTo > this.#unheard.start) this.#deaths = 0
    this.#unheard.forget(upTo)
  }

  /** The stretch in which two processes died is left out; dying without a suspect, or on and on, is an error. */
  #died(exit: SpeechExit): void {
    const { log } = this.#options
    const suspect = this.#suspect
    this.#process = null
    this.#suspect = null
    this.#deaths++
    if (this.#deaths >= mostDeaths) throw new AppError('SPEECH_ENGINE_CRASHED', { cause: exit.detail })
    const seconds = suspect
      ? { fromSeconds: suspect.from / speechSampleRate, toSeconds: suspect.to / speechSampleRate }
      : {}
    log.warn(
      { code: 'SPEECH_ENGINE_CRASHED', detail: exit.detail, ...seconds },
      'speech process died, starting another',
    )
    const again = this.#formerSuspect
    this.#formerSuspect = suspect
    if (suspect && again && suspect.from < again.to && again.from < suspect.to) {
      log.warn(seconds, 'stretch left without words: two speech processes died of it')
      this.#unheard.mute(suspect)
    }
  }
}

function utteranceOf({ from, to, text, words }: Extract<FromSpeech, { type: 'text' }>): Utterance {
  const milliseconds = (samples: number) => Math.round((samples * 1000) / speechSampleRate)
  return { startMs: milliseconds(from), endMs: milliseconds(to), text, words }
}
