import { fileURLToPath } from 'node:url'
import { openCatalog } from '#archive/catalog/catalog.ts'
import { systemClock } from '#archive/core/clock.ts'
import { createLog } from '#archive/core/log.ts'
import { createWorker } from '#archive/jobs/worker.ts'
import { openMediaStore } from '#archive/storage/open-store.ts'
import { SherpaEngine } from '#archive/transcripts/sherpa-engine.ts'
import type { AudioDecoder } from '#archive/transcripts/speech-engine.ts'
import { transcribeRecording } from '#archive/worker/transcribe-recording.ts'

/**
 * A worker that only transcribes, with a speech process that needs no model and a decoder that makes a second of level 0.1, 0.2 … out of
 * every fourth of a recording's sound and never goes on after number `holdAt`. Tells its parent of each.
 */
const [catalogFile = '', spoolDir = '', storeDir = '', holdAt = ''] = process.argv.slice(2)
const rate = 16_000

const decoder: AudioDecoder = {
  async *decode(media) {
    for await (const chunk of media) void chunk
    for (let spoken = 1; spoken <= 4; spoken++) {
      yield new Float32Array(3 * rate)
      yield new Float32Array(rate).fill(spoken / 10)
      process.send?.({ type: 'decoded', spoken })
      if (String(spoken) === holdAt) await new Promise(() => undefined)
    }
  },
}

const catalog = await openCatalog({ file: catalogFile })
const log = createLog('test', 'silent')
const clock = systemClock()
const childFile = fileURLToPath(new URL('./mortal-speech-child.ts', import.meta.url))
const model = { encoder: '', decoder: '', tokens: '', vad: '' }
const engine = new SherpaEngine({ childFile, model, threads: 1, log })
const places = { spoolDir, store: openMediaStore({ storeDir }) }
const handler = transcribeRecording({ catalog, places, decoder, language: 'nl', clock, log }, engine)
createWorker({ catalog, kinds: { 'transcribe-recording': handler }, clock, log, leaseMs: 600 })
process.on('disconnect', () => process.exit(0))
