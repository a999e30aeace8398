import { createHash } from 'node:crypto'
import { readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../core/errors.ts'
import type { RecordingId } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import type { Timeline } from '../hls/timeline.ts'
import { unlessAbsent } from '../storage/atomic-file.ts'
import { writeManifest } from '../storage/manifest-file.ts'
import type { MediaStore } from '../storage/media-store.ts'
import { readTimeline } from '../storage/recording-reader.ts'
import { journalFile, manifestKey, spoolFile } from '../storage/spool-folder.ts'
import { type InventoryFile, liveEdgeMs, mediaInventory } from './media-inventory.ts'

export interface UploadPlaces {
  readonly spoolDir: string
  readonly store: MediaStore
  /** How far behind the live edge files leave for the store, in milliseconds of MediaTime. */
  readonly distanceMs: number
  readonly log: Log
}

/** `open`: more may come. `stored`: ended, and all that is whole is in the store; `isSpoolNeeded` where something is not. */
export type UploadState =
  | { readonly kind: 'open' }
  | { readonly kind: 'stored'; readonly endedAtMs: number; readonly isSpoolNeeded: boolean }

/**
 * Brings one recording from the spool to the store. It knows only the journal and what the store confirmed, so that it may be killed at
 * any instant: another one looks again.
 */
export class RecordingUpload {
  readonly #places: UploadPlaces
  readonly #recording: RecordingId
  readonly #confirmed = new Set<string>()
  readonly #damaged = new Set<string>()
  #manifestOf: number | null = null

  constructor(places: UploadPlaces, recording: RecordingId) {
    this.#places = places
    this.#recording = recording
  }

  /** @throws AppError STORE_FAILED, UPLOAD_MISMATCH: to be tried again. */
  async pass(signal: AbortSignal): Promise<UploadState> {
    const timeline = await readTimeline(this.#places, this.#recording)
    if (!timeline?.facts) return { kind: 'open' }
    const inventory = mediaInventory(timeline, this.#recording)
    const { endedAtMs } = timeline
    const upToMs = endedAtMs !== null ? Number.POSITIVE_INFINITY : liveEdgeMs(inventory) - this.#places.distanceMs
    for (const file of inventory) {
      signal.throwIfAborted()
      if (file.endMs <= upToMs && !this.#confirmed.has(file.key)) await this.#bring(file)
    }
    if (endedAtMs === null) return { kind: 'open' }
    await this.#putManifest(timeline)
    await this.#clearSpool(inventory)
    return { kind: 'stored', endedAtMs, isSpoolNeeded: this.#damaged.size > 0 }
  }

  async #bring(file: InventoryFile): Promise<void> {
    if (this.#damaged.has(file.key)) return
    const { store, log } = this.#places
    const bytes = await unlessAbsent(readFile(spoolFile(this.#places.spoolDir, file.file)))
    if (await this.#isStored(file, bytes !== null)) {
      this.#confirmed.add(file.key)
      return
    }
    if (bytes?.length !== file.sizeBytes || sha256(bytes) !== file.sha256) {
      this.#damaged.add(file.key)
      log.error(
        { code: 'SPOOL_DAMAGED', file: file.key, missing: !bytes },
        'a file of the spool differs from its journal',
      )
      return
    }
    const receipt = await store.put(file.key, bytes)
    const stored = await store.stat(file.key)
    if (receipt.sha256 !== file.sha256 || stored?.sizeBytes !== file.sizeBytes) {
      throw new AppError('UPLOAD_MISMATCH', { message: `The store does not hold ${file.key} as it was sent.` })
    }
    this.#confirmed.add(file.key)
  }

  /** Whether an earlier process brought it: by size and, as long as the spool has it still, by its sum as the store reads it back. */
  async #isStored(file: InventoryFile, isSpooled: boolean): Promise<boolean> {
    const facts = await this.#places.store.stat(file.key)
    if (facts?.sizeBytes !== file.sizeBytes) return false
    if (!isSpooled) return true
    const media = await this.#places.store.get(file.key)
    if (!media) return false
    const hash = createHash('sha256')
    for await (const chunk of media.content) hash.update(chunk)
    return hash.digest('hex') === file.sha256
  }

  /** Last of all: a manifest in the store means that all it names is there. */
  async #putManifest(timeline: Timeline): Promise<void> {
    const { spoolDir, store } = this.#places
    if (this.#manifestOf === timeline.version) return
    const isSpooled = (await unlessAbsent(stat(journalFile(spoolDir, this.#recording)))) !== null
    if (!isSpooled) return
    const text = await writeManifest(spoolDir, this.#recording)
    const receipt = await store.put(manifestKey(this.#recording), Buffer.from(text))
    if (receipt.sha256 !== sha256(Buffer.from(text))) {
      throw new AppError('UPLOAD_MISMATCH', { message: `The store does not hold the manifest of ${this.#recording}.` })
    }
    this.#manifestOf = timeline.version
  }

  /** The journal stays: should the recording be reopened this instant, its writer appends to it. Names are never used again. */
  async #clearSpool(inventory: readonly InventoryFile[]): Promise<void> {
    for (const { key } of inventory) {
      if (this.#confirmed.has(key)) await rm(join(this.#places.spoolDir, key), { force: true })
    }
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
