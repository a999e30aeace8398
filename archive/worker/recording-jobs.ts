import { setTimeout as pause } from 'node:timers/promises'
import { AppError } from '../core/errors.ts'
import type { JobHandler } from '../jobs/worker.ts'
import type { RecordingPlaces } from '../storage/recording-reader.ts'
import { journalSize } from '../storage/recording-reader.ts'
import type { Uploader } from './uploader.ts'

/**
 * Hurries the recording of an ended meeting into the store. *live* writes the end into the journal a moment after the catalogue knows of
 * it; until then the job is tried again, and the uploader's own scans do the work in any case.
 */
export function finaliseRecording(uploader: Uploader, places: RecordingPlaces): JobHandler<'finalise-recording'> {
  return async ({ payload, signal }) => {
    const { recording } = payload
    const state = await uploader.finalise(recording, signal)
    if (state.kind === 'stored') return
    // A meeting that was started and ended without an encoder has a recording of nothing.
    if ((await journalSize(places.spoolDir, recording)) === null) return
    throw new AppError('RECORDING_OPEN', { message: `The journal of recording ${recording} has no end yet.` })
  }
}

/** *live* may still be writing when a recording is withdrawn. */
const lateWritesMs = 5_000
const lookMs = 500

/** Deletes a recording, and again what its writer leaves behind while it stops. */
export function deleteRecording(uploader: Uploader, places: RecordingPlaces): JobHandler<'delete-recording'> {
  return async ({ payload, signal }) => {
    await uploader.remove(payload.recording)
    for (let waitedMs = 0; waitedMs < lateWritesMs; waitedMs += lookMs) {
      await pause(lookMs, undefined, { signal })
      if ((await journalSize(places.spoolDir, payload.recording)) !== null) await uploader.remove(payload.recording)
    }
  }
}
