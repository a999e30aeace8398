import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '../core/clock.ts'
import type { RecordingId } from '../core/ids.ts'
import { journalSize } from '../storage/recording-reader.ts'
import { listSpool, removeFromSpool } from '../storage/spool.ts'
import { manifestKey } from '../storage/spool-folder.ts'
import { RecordingUpload, type UploadPlaces, type UploadState } from './recording-upload.ts'

/** How often the spool is looked at; the end of a meeting does not wait for it. */
const scanMs = 5_000
/** The journal of a recording that has ended stays this long: a meeting that is reopened soon goes on in it. */
const journalStaysMs = 3_600_000

interface Tracked {
  readonly upload: RecordingUpload
  /** Length of the journal before the last pass, and what that pass found. */
  seenBytes: number | null
  state: UploadState
}

/**
 * Follows every recording of the spool into the store, without the catalogue: what is to be done is what spool, journal and store say.
 * One pass of a recording at a time, whoever asks.
 */
export class Uploader {
  readonly #places: UploadPlaces
  readonly #clock: Clock
  readonly #tracked = new Map<RecordingId, Tracked>()
  readonly #removed = new Set<RecordingId>()
  readonly #turns = new Map<RecordingId, Promise<unknown>>()

  constructor(places: UploadPlaces, clock: Clock) {
    this.#places = places
    this.#clock = clock
  }

  /** Scans until `signal`; a recording that fails is logged and tried at the next scan. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.scan(signal)
      await pause(scanMs, undefined, { signal }).catch(() => undefined)
    }
  }

  async scan(signal: AbortSignal): Promise<void> {
    for (const recording of await listSpool(this.#places.spoolDir)) {
      if (signal.aborted) return
      try {
        await this.#follow(recording, signal)
      } catch (error) {
        if (signal.aborted) return
        this.#places.log.warn({ err: error, recording }, 'a recording could not be brought to the store, trying again')
      }
    }
  }

  /** One pass at once. @throws AppError STORE_FAILED, UPLOAD_MISMATCH */
  async finalise(recording: RecordingId, signal: AbortSignal): Promise<UploadState> {
    if (this.#removed.has(recording)) return { kind: 'stored', endedAtMs: 0, isSpoolNeeded: false }
    return await this.#inTurn(recording, () => this.#uploadOf(recording).upload.pass(signal))
  }

  /** No byte stays, in spool or store; what appears in the spool later is removed at the next scan. */
  async remove(recording: RecordingId): Promise<void> {
    this.#removed.add(recording)
    await this.#inTurn(recording, async () => {
      this.#tracked.delete(recording)
      // The manifest first: without it nothing of the recording is offered any more.
      await this.#places.store.delete(manifestKey(recording))
      await removeFromSpool(this.#places.spoolDir, recording)
      await this.#places.store.delete(recording)
    })
  }

  async #follow(recording: RecordingId, signal: AbortSignal): Promise<void> {
    if (this.#removed.has(recording)) return await this.remove(recording)
    const bytes = await journalSize(this.#places.spoolDir, recording)
    const tracked = this.#uploadOf(recording)
    if (bytes === null || tracked.seenBytes !== bytes) {
      tracked.state = await this.#inTurn(recording, () => tracked.upload.pass(signal))
      tracked.seenBytes = bytes
    } else await this.#retire(recording, tracked)
  }

  /** The store's manifest says what the journal said. */
  async #retire(recording: RecordingId, { state }: Tracked): Promise<void> {
    if (state.kind === 'open' || state.isSpoolNeeded) return
    if (this.#clock.wallMs() - state.endedAtMs < journalStaysMs) return
    await removeFromSpool(this.#places.spoolDir, recording)
    this.#tracked.delete(recording)
  }

  #uploadOf(recording: RecordingId): Tracked {
    const known = this.#tracked.get(recording)
    if (known) return known
    const upload = new RecordingUpload(this.#places, recording)
    const made: Tracked = { upload, seenBytes: null, state: { kind: 'open' } }
    this.#tracked.set(recording, made)
    return made
  }

  async #inTurn<T>(recording: RecordingId, work: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(recording) ?? Promise.resolve()
    const turn = before.then(work, work)
    this.#turns.set(
      recording,
      turn.catch(() => undefined),
    )
    return await turn
  }
}
