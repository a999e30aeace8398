import { join } from 'node:path'
import type { RecordingId, SpanId } from '../core/ids.ts'
import { type MediaFile, mediaKey } from '../hls/address.ts'
import type { RenditionName } from '../hls/packaging.ts'

/** Where a part belongs. */
export interface PartPlace {
  readonly span: SpanId
  readonly rendition: RenditionName
  readonly n: number
  readonly p: number
}

/** Marks a segment whose parts are still coming. */
export const openSuffix = '.open'

export function recordingFolder(spoolDir: string, recording: RecordingId): string {
  return join(spoolDir, recording)
}

export function journalFile(spoolDir: string, recording: RecordingId): string {
  return join(spoolDir, recording, 'journal.jsonl')
}

/** The spool holds files under the same keys as the store. */
export function spoolFile(spoolDir: string, file: MediaFile): string {
  return join(spoolDir, mediaKey(file))
}

export function manifestKey(recording: RecordingId): string {
  return `${recording}/manifest.json`
}
