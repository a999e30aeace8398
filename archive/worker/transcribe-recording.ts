import type { Cue } from '../captions/cue.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { meetingById } from '../catalog/meetings.ts'
import type { TownDb } from '../catalog/town-db.ts'
import { saveTranscript } from '../catalog/transcripts.ts'
import type { Clock } from '../core/clock.ts'
import { AppError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Language } from '../core/settings-schema.ts'
import type { JobPayload } from '../jobs/job-kind.ts'
import type { JobHandler } from '../jobs/worker.ts'
import { type RecordingPlaces, readTimeline } from '../storage/recording-reader.ts'
import { cuesOf, withoutOverlap } from '../transcripts/cue-layout.ts'
import type { AudioDecoder, SpeechEngine } from '../transcripts/speech-engine.ts'
import { type AudioRun, audioBytes, audioRuns } from './recording-audio.ts'

export interface Transcribing {
  readonly catalog: Catalog
  readonly places: RecordingPlaces
  readonly decoder: AudioDecoder
  readonly language: Language
  readonly clock: Clock
  readonly log: Log
}

/** Attempts, over about ten seconds, that wait for the recording's end. */
const patientAttempts = 3

type Payload = JobPayload['transcribe-recording']

/**
 * Writes down what was said in a public recording, as its automatic transcript; the transcript and the end of the job are one transaction.
 * Only public stretches were ever recorded. A recording that is not published when the job runs, a reopened one for instance, is left alone: its
 * next publication asks again.
 */
export function transcribeRecording(of: Transcribing, engine: SpeechEngine): JobHandler<'transcribe-recording'> {
  return async ({ payload, signal, attempt, finish }) => {
    if (!(await of.catalog.read((db) => isPublished(db, payload)))) return
    const timeline = await readTimeline(of.places, payload.recording)
    // *live* writes the end a moment after the catalogue knows of it; should it be dead, what there is must do.
    if (timeline && timeline.endedAtMs === null && attempt < patientAttempts) {
      throw new AppError('RECORDING_OPEN', { message: `The journal of recording ${payload.recording} has no end yet.` })
    }
    const runs = timeline ? audioRuns(timeline, payload.recording) : []
    if (runs.length === 0) return
    const startedMs = of.clock.monotonicMs()
    const cues: Cue[] = []
    for (const run of runs) cues.push(...(await heard(of, engine, { run, signal })))
    const atMs = Math.round(of.clock.wallMs())
    await finish(async (db) => {
      if (!(await isPublished(db, payload))) return
      const { meeting } = payload
      await saveTranscript(db, {
        meeting,
        language: of.language,
        origin: 'automatic',
        cues: withoutOverlap(cues),
        atMs,
      })
    })
    const tookMs = Math.round(of.clock.monotonicMs() - startedMs)
    of.log.info({ recording: payload.recording, cues: cues.length, tookMs }, 'a recording was transcribed')
  }
}

async function heard(
  { places, decoder, language }: Transcribing,
  engine: SpeechEngine,
  { run, signal }: { run: AudioRun; signal: AbortSignal },
): Promise<Cue[]> {
  const cues: Cue[] = []
  const samples = decoder.decode(audioBytes(places, run), signal)
  for await (const utterance of engine.transcribe(samples, { language, signal })) {
    cues.push(...cuesOf(utterance, run.startMs))
  }
  return cues
}

async function isPublished(db: TownDb, { meeting: id, recording }: Payload): Promise<boolean> {
  const meeting = await meetingById(db, id)
  return meeting !== null && meeting.recording === recording && meeting.state === 'published'
}
