import type { Language } from '../core/settings-schema.ts'

/** Mono, 32-bit float between -1 and 1, this many samples a second: what every engine takes. */
export const speechSampleRate = 16_000

/** A word as it was heard; milliseconds from the start of the audio. */
export interface SpokenWord {
  readonly text: string
  readonly startMs: number
  readonly endMs: number
}

/** One stretch of speech between two silences. `words` is empty where an engine gives no word times. */
export interface Utterance {
  readonly startMs: number
  readonly endMs: number
  readonly text: string
  readonly words: readonly SpokenWord[]
}

export interface SpeechRequest {
  /** Null lets the engine find out, where it can. */
  readonly language: Language | null
  readonly signal?: AbortSignal
}

/** Turns speech into text. One transcription at a time; audio is taken only as fast as it is understood. */
export interface SpeechEngine {
  /** In order, never overlapping. @throws AppError SPEECH_… when the engine cannot be used. */
  transcribe(audio: AsyncIterable<Float32Array>, request: SpeechRequest): AsyncIterable<Utterance>
}

/** Turns the bytes of a media file (an init section and its segments, joined) into samples at `speechSampleRate`. */
export interface AudioDecoder {
  decode(media: AsyncIterable<Uint8Array>, signal?: AbortSignal): AsyncIterable<Float32Array>
}
