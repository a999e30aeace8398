import { mkdir, readdir, rm } from 'node:fs/promises'
import { isId, type RecordingId } from '../core/ids.ts'
import { unlessAbsent } from './atomic-file.ts'
import { type Recovery, recoverRecording } from './recovery.ts'
import { recordingFolder } from './spool-folder.ts'
import { type SpoolOptions, SpoolWriter } from './spool-writer.ts'

export interface OpenedSpool {
  readonly writer: SpoolWriter
  /** What was there already; null for a new recording. */
  readonly recovered: Recovery | null
}

/**
 * Opens a recording for writing, a new one or one that goes on, and waits until its first numbers are reserved on disk.
 * Disk trouble is reported through `onFault`, as while writing.
 */
export async function openSpool(options: Omit<SpoolOptions, 'nextNumber'>): Promise<OpenedSpool> {
  const { spoolDir, recording } = options
  await mkdir(spoolDir, { recursive: true }).catch(() => undefined)
  const recovered = await recoverRecording(spoolDir, recording).catch((error: unknown) => {
    options.onFault({ code: 'SPOOL_FAILED', detail: `recovery failed: ${String(error)}` })
    return null
  })
  const writer = new SpoolWriter({ ...options, nextNumber: recovered?.nextNumber ?? 0 })
  await writer.settled()
  return { writer, recovered }
}

/** The recordings that have a folder in the spool. */
export async function listSpool(spoolDir: string): Promise<RecordingId[]> {
  const names = (await unlessAbsent(readdir(spoolDir))) ?? []
  return names.filter((name): name is RecordingId => isId<'recording'>(name)).sort()
}

/** Removes everything of a recording from the spool. */
export async function removeFromSpool(spoolDir: string, recording: RecordingId): Promise<void> {
  await rm(recordingFolder(spoolDir, recording), { recursive: true, force: true })
}
