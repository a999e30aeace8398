import { setPriority } from 'node:os'
import type { Language } from '../core/settings-schema.ts'
import type { FromSpeech, ToSpeech } from './speech-message.ts'
import { SpeechSegmenter } from './speech-segmenter.ts'
import type { WhisperRecogniser } from './whisper-recogniser.ts'

/**
 * The speech process: a child of the worker that may die at any instant without harm. It answers `ToSpeech` by `FromSpeech` and ends
 * when its parent does.
 */
interface Loaded {
  readonly recogniser: WhisperRecogniser
  readonly newSegmenter: () => SpeechSegmenter
}

let loaded: Loaded | null = null
let current: { readonly segmenter: SpeechSegmenter; readonly position: number } | null = null

function tell(message: FromSpeech): void {
  if (process.connected) process.send?.(message)
}

async function load({ model, threads }: Extract<ToSpeech, { type: 'load' }>): Promise<void> {
  try {
    // Loaded here and not above: without the platform's package the import itself fails.
    const { WhisperRecogniser, voiceDetector } = await import('./whisper-recogniser.ts')
    try {
      const recogniser = await WhisperRecogniser.load(model, threads)
      loaded = { recogniser, newSegmenter: () => new SpeechSegmenter(voiceDetector(model)) }
      loaded.newSegmenter()
      tell({ type: 'loaded' })
    } catch (error) {
      tell({ type: 'failed', code: 'SPEECH_MODEL_UNUSABLE', detail: String(error) })
    }
  } catch (error) {
    tell({ type: 'failed', code: 'SPEECH_ENGINE_UNAVAILABLE', detail: String(error) })
  }
}

function open(language: Language | null, position: number): void {
  if (!loaded) return
  loaded.recogniser.setLanguage(language)
  current = { segmenter: loaded.newSegmenter(), position }
}

async function hear(samples: Float32Array | null): Promise<void> {
  if (!loaded || !current) return
  const { segmenter, position } = current
  for (const stretch of samples ? segmenter.push(samples) : segmenter.finish()) {
    const from = position + stretch.from
    const to = position + stretch.to
    tell({ type: 'attempt', from, to })
    const { text, words } = await loaded.recogniser.recognise({ ...stretch, from, onset: position + stretch.onset })
    tell({ type: 'text', from, to, text, words })
  }
  tell(samples ? { type: 'consumed', upTo: position + segmenter.consumed } : { type: 'done' })
}

async function handle(message: ToSpeech): Promise<void> {
  switch (message.type) {
    case 'load':
      return load(message)
    case 'open':
      return open(message.language, message.position)
    case 'audio':
      return hear(message.samples)
    case 'end':
      return hear(null)
  }
}

// Somebody's evening is live on this machine: words can wait.
setPriority(15)
let work: Promise<void> = Promise.resolve()
process.on('message', (message: ToSpeech) => {
  work = work.then(() => handle(message))
})
process.on('SIGINT', () => {})
process.on('disconnect', () => process.exit(0))
