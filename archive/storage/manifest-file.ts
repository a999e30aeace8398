import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { AppError } from '../core/errors.ts'
import type { RecordingId } from '../core/ids.ts'
import { Timeline } from '../hls/timeline.ts'
import { unlessAbsent, writeAtomically } from './atomic-file.ts'
import { parseJournalLine } from './journal-text.ts'
import { manifestOf } from './manifest.ts'
import { journalFile, manifestKey } from './spool-folder.ts'

/** Long enough to be quick, short enough that nobody's part waits for it. */
const linesAtOnce = 500

/**
 * Writes the manifest of a recording from its journal in the spool, and answers it as text. Gives other work its turn in
 * between. @throws AppError RECORDING_UNREADABLE without a journal that names the recording.
 */
export async function writeManifest(spoolDir: string, recording: RecordingId): Promise<string> {
  const journal = await unlessAbsent(readFile(journalFile(spoolDir, recording), 'utf8'))
  const timeline = new Timeline()
  const lines = (journal ?? '').split('\n')
  for (const [index, line] of lines.entries()) {
    const event = line === '' ? null : parseJournalLine(line)
    if (event) timeline.apply(event)
    if (index % linesAtOnce === linesAtOnce - 1) await setImmediate()
  }
  const manifest = manifestOf(timeline)
  if (!manifest) throw new AppError('RECORDING_UNREADABLE', { message: `Recording ${recording} has no journal.` })
  const text = `${JSON.stringify(manifest)}\n`
  await writeAtomically(join(spoolDir, manifestKey(recording)), text)
  return text
}
