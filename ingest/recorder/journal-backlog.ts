import { readFile } from 'node:fs/promises'
import type { RecordingId } from '#archive/core/ids.ts'
import type { LiveFrame, LiveMessage } from '#archive/hls/live-message.ts'
import { readJournal } from '#archive/storage/journal-file.ts'
import type { RecordingPlaces } from '#archive/storage/recording-reader.ts'
import { journalFile, spoolFile } from '#archive/storage/spool-folder.ts'

/** Journal lines kept in memory: more than may be on their way to the disk at any moment. */
const mostRecent = 600

const nothing = new Uint8Array()

export interface JournalBacklog {
  /** Called with every broadcast. */
  remember(message: LiveMessage, payload?: Uint8Array): void
  /** What a newly connected edge has to be told, in order. */
  frames(): AsyncIterable<LiveFrame>
}

/**
 * What has been said so far, for edges that come later: journals are read from the spool rather than kept in memory
 * (six hours of a meeting are 30,000 lines), and the newest lines, which may not be on disk yet, are added from memory.
 */
export function createJournalBacklog(deps: {
  places: RecordingPlaces
  announcements: () => LiveMessage[]
}): JournalBacklog {
  const recent: LiveFrame[] = []
  const recordings = new Set<RecordingId>()
  /** How far the slate that is being shown has come. */
  const slates = new Map<RecordingId, LiveFrame>()

  async function* journal(recording: RecordingId): AsyncIterable<LiveFrame> {
    const { spoolDir } = deps.places
    const reading = await readJournal(journalFile(spoolDir, recording))
    for (const event of reading?.events ?? []) {
      const init = event.type === 'init' ? { recording, span: event.span, rendition: event.rendition, n: null } : null
      const payload = init ? await readFile(spoolFile(spoolDir, init)).catch(() => nothing) : nothing
      yield { message: { type: 'journal', recording, event }, payload }
    }
  }

  return {
    remember(message, payload = nothing) {
      if (message.type === 'slate') slates.set(message.recording, { message, payload })
      if (message.type !== 'journal') return
      const { recording, event } = message
      if (event.type === 'slate-end') slates.delete(recording)
      if (event.type === 'ended') recordings.delete(recording)
      else recordings.add(recording)
      recent.push({ message, payload })
      if (recent.length > mostRecent) recent.shift()
    },
    async *frames() {
      const known = [...recordings]
      yield { message: { type: 'hello', version: 1, recordings: known }, payload: nothing }
      for (const message of deps.announcements()) yield { message, payload: nothing }
      for (const recording of known) yield* journal(recording)
      yield* [...recent]
      yield* slates.values()
    },
  }
}
