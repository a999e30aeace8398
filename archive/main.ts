import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { decodeAudio } from '../transcode/ffmpeg/audio-decoder.ts'
import { startStreamMonitor } from '../transcode/monitor/stream-monitor.ts'
import { type Catalog, openCatalog } from './catalog/catalog.ts'
import { systemClock } from './core/clock.ts'
import { readConfig } from './core/config.ts'
import { reportOf } from './core/errors.ts'
import { createLog } from './core/log.ts'
import { createWorker, type JobHandlers } from './jobs/worker.ts'
import { FtsIndex } from './search/fts-index.ts'
import { openMediaStore } from './storage/open-store.ts'
import { SherpaEngine } from './transcripts/sherpa-engine.ts'
import { findSpeechModel } from './transcripts/speech-model.ts'
import { audioDecoder } from './worker/audio-decoder.ts'
import { indexMeeting, prepareIndex } from './worker/index-meeting.ts'
import { Monitoring } from './worker/monitor.ts'
import { edgeAddress } from './worker/monitor-address.ts'
import { deleteRecording, finaliseRecording } from './worker/recording-jobs.ts'
import { transcribeRecording } from './worker/transcribe-recording.ts'
import { Uploader } from './worker/uploader.ts'
import { writeFigures } from './worker/worker-figures.ts'

/** The worker process: everything that is done to a recording beside its capture. It may be killed at any instant. */
const config = readConfig()
const log = createLog('worker', config.logLevel)
const clock = systemClock()
const stopping = new AbortController()
process.on('SIGTERM', () => stopping.abort())
// Ctrl-C reaches the whole process group; the parent decides.
process.on('SIGINT', () => undefined)
process.on('disconnect', () => stopping.abort())

try {
  await work()
} catch (error) {
  log.fatal({ err: error, code: reportOf(error).code }, 'the worker cannot run')
  process.exitCode = 1
}
if (process.connected) process.disconnect()

async function work(): Promise<void> {
  const catalog = await openCatalog({ file: config.catalogFile })
  const places = { spoolDir: config.spoolDir, store: openMediaStore(config) }
  const distanceMs = config.values.HEMICYCLE_UPLOAD_DISTANCE_S * 1000
  const uploader = new Uploader({ ...places, distanceMs, log }, clock)
  const index = new FtsIndex({ file: config.searchFile, town: catalog.town })
  const indexing = { catalog, index, clock, log }
  await prepareIndex(indexing)
  const engine = await speechEngine()
  const decoder = audioDecoder(decodeAudio)
  const transcribing = { catalog, places, decoder, language: config.language, clock, log }
  const kinds: JobHandlers = {
    'index-meeting': indexMeeting(indexing),
    'finalise-recording': finaliseRecording(uploader, places),
    'delete-recording': deleteRecording(uploader, places),
    // Without a model such a job is done at once: words can still be imported.
    'transcribe-recording': engine ? transcribeRecording(transcribing, engine) : async () => undefined,
  }
  const worker = createWorker({ catalog, kinds, clock, log })
  const uploading = uploader.run(stopping.signal)
  const monitoring = monitorOf(catalog).run(stopping.signal)
  const { dataDir, spoolDir } = config
  const figures = config.values.HEMICYCLE_METRICS
    ? writeFigures({ catalog, dataDir, spoolDir, clock, log }, stopping.signal)
    : null
  process.send?.({ type: 'ready' })
  await until(stopping.signal)
  await Promise.all([worker.stop(), uploading, monitoring, figures])
  index.close()
  await catalog.close()
}

function monitorOf(catalog: Catalog): Monitoring {
  const bannerAfterMs = config.values.HEMICYCLE_BANNER_AFTER_S * 1000
  const listen = (slug: string) =>
    startStreamMonitor({ address: `${edgeAddress(config) ?? ''}/live/${slug}/index.m3u8`, clock, log })
  return new Monitoring({ catalog, listen, bannerAfterMs, clock, log })
}

async function speechEngine(): Promise<SherpaEngine | null> {
  if (!config.speechModelDir) return null
  const model = await findSpeechModel(config.speechModelDir)
  if (!model.ok) {
    log.error({ code: model.code, hint: model.hint }, model.message)
    return null
  }
  const childFile = fileURLToPath(new URL('./transcripts/speech-child.ts', import.meta.url))
  const threads = Math.max(1, Math.min(2, availableParallelism()))
  return new SherpaEngine({ childFile, model: model.value, threads, log })
}

async function until(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((done) => signal.addEventListener('abort', () => done(), { once: true }))
}
