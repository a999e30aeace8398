import type { Language } from '../core/settings-schema.ts'
import type { SpokenWord } from './speech-engine.ts'
import type { SpeechModel } from './speech-model.ts'

/**
 * Between the worker and its speech process. Positions are samples from the start of the transcription, in both directions, also after
 * the process was replaced in the middle of one.
 */
export type ToSpeech =
  | { readonly type: 'load'; readonly model: SpeechModel; readonly threads: number }
  /** Audio follows, its first sample being number `position`. */
  | { readonly type: 'open'; readonly language: Language | null; readonly position: number }
  | { readonly type: 'audio'; readonly samples: Float32Array }
  | { readonly type: 'end' }

export type FromSpeech =
  | { readonly type: 'loaded' }
  | {
      readonly type: 'failed'
      readonly code: 'SPEECH_MODEL_UNUSABLE' | 'SPEECH_ENGINE_UNAVAILABLE'
      readonly detail: string
    }
  /** Sent before a stretch is recognised: it is the suspect if the process dies. */
  | { readonly type: 'attempt'; readonly from: number; readonly to: number }
  | {
      readonly type: 'text'
      readonly from: number
      readonly to: number
      readonly text: string
      readonly words: readonly SpokenWord[]
    }
  /** Nothing before this sample is needed any more, whatever happens. */
  | { readonly type: 'consumed'; readonly upTo: number }
  | { readonly type: 'done' }
