import { AppError } from '../core/errors.ts'
import type { RecordingId } from '../core/ids.ts'
import { JournalFile, readJournal } from './journal-file.ts'
import { eventsOfManifest } from './manifest.ts'
import type { RecordingPlaces } from './recording-reader.ts'
import { journalFile, manifestKey } from './spool-folder.ts'

/**
 * Brings the journal of a recording back into the spool from its manifest in the store, so that the recording can go
 * on. Nothing happens where the spool has a journal or the store has no manifest.
 * @throws AppError RECORDING_UNREADABLE when the manifest cannot be read: going on would overwrite it.
 */
export async function restoreJournal(places: RecordingPlaces, recording: RecordingId): Promise<void> {
  const file = journalFile(places.spoolDir, recording)
  const present = await readJournal(file)
  if (present && present.events.length > 0) return
  const manifest = await places.store.get(manifestKey(recording))
  if (!manifest) return
  const chunks: Uint8Array[] = []
  for await (const chunk of manifest.content) chunks.push(chunk)
  const events = eventsOfManifest(Buffer.concat(chunks).toString('utf8'))
  if (!events.ok) throw new AppError(events.code, { message: `${events.message} (recording ${recording})` })
  const journal = new JournalFile(file)
  for (const event of events.value) journal.add(event)
  try {
    await journal.flush()
  } finally {
    await journal.close()
  }
}
