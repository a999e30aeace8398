import { existsSync, writeFileSync } from 'node:fs'
import type { FromSpeech, ToSpeech } from '#archive/transcripts/speech-message.ts'
import { SpeechSegmenter } from '#archive/transcripts/speech-segmenter.ts'
import { LevelDetector } from './level-detector.ts'

/**
 * Speaks the protocol of the speech process without a model: a stretch's text is its loudest sample. It dies as the library does (at once,
 * without a word) on a stretch of 0.9, once in a life on 0.7, and on any audio at all of -1. The model's `tokens` names the file that
 * remembers the one death; a model whose `vad` is "corrupt" ends it while loading.
 */
let segmenter = new SpeechSegmenter(new LevelDetector())
let position = 0
let memory = ''

const tell = (message: FromSpeech) => process.send?.(message)
const die = () => process.kill(process.pid, 'SIGKILL')

function hear(samples: Float32Array | null): void {
  if (samples?.includes(-1)) die()
  for (const stretch of samples ? segmenter.push(samples) : segmenter.finish()) {
    const from = position + stretch.from
    const to = position + stretch.to
    tell({ type: 'attempt', from, to })
    const loudest = stretch.samples.reduce((a, b) => Math.max(a, b), 0).toFixed(1)
    if (loudest === '0.9') die()
    if (loudest === '0.7' && !existsSync(memory)) {
      writeFileSync(memory, '')
      die()
    }
    tell({ type: 'text', from, to, text: loudest, words: [] })
  }
  tell(samples ? { type: 'consumed', upTo: position + segmenter.consumed } : { type: 'done' })
}

process.on('message', (message: ToSpeech) => {
  if (message.type === 'load') {
    if (message.model.vad === 'corrupt') die()
    memory = message.model.tokens
    tell({ type: 'loaded' })
  } else if (message.type === 'open') {
    segmenter = new SpeechSegmenter(new LevelDetector())
    position = message.position
  } else hear(message.type === 'audio' ? message.samples : null)
})
process.on('disconnect', () => process.exit(0))
