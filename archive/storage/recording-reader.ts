import { open, stat } from 'node:fs/promises'
import { AppError } from '../core/errors.ts'
import type { RecordingId } from '../core/ids.ts'
import { type MediaFile, mediaKey } from '../hls/address.ts'
import { reduceJournal, type Timeline } from '../hls/timeline.ts'
import { unlessAbsent } from './atomic-file.ts'
import { readJournal } from './journal-file.ts'
import { eventsOfManifest } from './manifest.ts'
import type { ByteSpan, MediaStore, StoredMedia } from './media-store.ts'
import { readRange } from './read-range.ts'
import { journalFile, manifestKey, spoolFile } from './spool-folder.ts'

export interface RecordingPlaces {
  readonly spoolDir: string
  readonly store: MediaStore
}

/**
 * What a recording consists of: from its journal in the spool, else from its manifest in the store. Null when neither is
 * there. @throws AppError RECORDING_UNREADABLE, STORE_FAILED.
 */
export async function readTimeline(places: RecordingPlaces, recording: RecordingId): Promise<Timeline | null> {
  const journal = await readJournal(journalFile(places.spoolDir, recording))
  if (journal && journal.events.length > 0) return reduceJournal(journal.events)
  const manifest = await places.store.get(manifestKey(recording))
  if (!manifest) return null
  const chunks: Uint8Array[] = []
  for await (const chunk of manifest.content) chunks.push(chunk)
  const events = eventsOfManifest(Buffer.concat(chunks).toString('utf8'))
  if (!events.ok) throw new AppError(events.code, { message: `${events.message} (recording ${recording})` })
  return reduceJournal(events.value)
}

/** Tells when a recording's journal may say more than before; null when the spool has none. */
export async function journalSize(spoolDir: string, recording: RecordingId): Promise<number | null> {
  return (await unlessAbsent(stat(journalFile(spoolDir, recording))))?.size ?? null
}

export interface FoundMedia {
  readonly sizeBytes: number
  /** Null when it has been removed since. Ranges as `MediaStore.get`. */
  open(range?: ByteSpan): Promise<StoredMedia | null>
}

/** A media file in the spool, else in the store; null when neither has it. @throws AppError STORE_FAILED */
export async function findMedia(places: RecordingPlaces, file: MediaFile): Promise<FoundMedia | null> {
  const spooled = await unlessAbsent(stat(spoolFile(places.spoolDir, file)))
  const sizeBytes = spooled?.size ?? (await places.store.stat(mediaKey(file)))?.sizeBytes
  // It may move from the spool to the store between the two calls.
  return sizeBytes === undefined ? null : { sizeBytes, open: (range) => openMedia(places, file, range) }
}

/** A media file from the spool, else from the store; null when neither has it. Ranges as `MediaStore.get`. */
export async function openMedia(
  places: RecordingPlaces,
  file: MediaFile,
  range?: ByteSpan,
): Promise<StoredMedia | null> {
  const spooled = await openSpooled(spoolFile(places.spoolDir, file), range)
  if (spooled) return spooled
  return range ? places.store.get(mediaKey(file), range) : places.store.get(mediaKey(file))
}

async function openSpooled(path: string, range: ByteSpan | undefined): Promise<StoredMedia | null> {
  const handle = await unlessAbsent(open(path, 'r'))
  if (!handle) return null
  const { size } = await handle.stat()
  return { sizeBytes: size, content: readRange(handle, size, range), cancel: () => handle.close() }
}
