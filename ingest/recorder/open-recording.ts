import { type IncidentId, type MeetingId, newId, type RecordingId, type TownId } from '#archive/core/ids.ts'
import type { Log } from '#archive/core/log.ts'
import type { JournalEvent } from '#archive/hls/journal-event.ts'
import type { LiveMessage } from '#archive/hls/live-message.ts'
import type { RecordingPlaces } from '#archive/storage/recording-reader.ts'
import type { Recovery } from '#archive/storage/recovery.ts'
import { restoreJournal } from '#archive/storage/restore-journal.ts'
import { openSpool } from '#archive/storage/spool.ts'
import type { SpoolFault } from '#archive/storage/spool-writer.ts'
import type { Note } from '../catalogue/outbox.ts'
import type { Standing } from '../meeting/slate-run.ts'
import { createRecorder, type Recorder } from './recorder.ts'

export interface RecordingFacts {
  readonly recording: RecordingId
  readonly town: TownId
  readonly meeting: MeetingId
  readonly slug: string
}

export interface OpenRecordingDeps {
  readonly places: RecordingPlaces
  readonly tell: (note: Note) => void
  readonly broadcast: (message: LiveMessage, payload?: Uint8Array) => void
  readonly wallMs: () => number
  readonly log: Log
}

/**
 * Opens a recording: a new one, one that a killed process left, or one that had ended and is reopened (its journal is
 * then brought back from the store, when the spool has let it go). What a crash cut off is written down as an incident.
 */
export async function openRecording(facts: RecordingFacts, deps: OpenRecordingDeps): Promise<Recorder> {
  const { places, tell, broadcast, log } = deps
  const { recording } = facts
  await restoreJournal(places, recording)
  const trouble = spoolTrouble(facts, deps)
  const { writer, recovered } = await openSpool({ spoolDir: places.spoolDir, recording, ...trouble })
  const announce = (event: JournalEvent) => {
    writer.event(event)
    broadcast({ type: 'journal', recording, event })
  }
  if (!recovered || recovered.timeline.facts === null) {
    announce({ type: 'recording', version: 1, ...facts, atMs: deps.wallMs() })
  } else if (recovered.timeline.endedAtMs !== null) announce({ type: 'reopened', atMs: deps.wallMs() })
  if (recovered) {
    log.info({ recording, spans: recovered.timeline.spans.length, cut: recovered.cut.length }, 'a recording goes on')
    const slateEnds = endSlates(recovered, deps.wallMs())
    for (const event of slateEnds) writer.event(event)
    // An edge that hears of the recording reads its beginning from the disk.
    await writer.settled()
    tellRecovery(recovered, facts, deps)
    for (const event of slateEnds) broadcast({ type: 'journal', recording, event })
  }
  return createRecorder({
    recording,
    spool: writer,
    broadcast,
    onSpan: ({ span, index, wallMs, mediaStartMs, master }) =>
      tell({ kind: 'span', span: { id: span, recording, index, wallMs, mediaStartMs, master } }),
    onSpanEnd: (span, durationMs, cause) => tell({ kind: 'span-end', id: span, durationMs, cause }),
    resumeFrom: { spans: recovered?.timeline.spans.length ?? 0, mediaMs: recovered ? capturedMs(recovered) : 0 },
    standing: recovered && standingOf(recovered),
  })
}

/**
 * A slate that a killed process was showing has been shown until the restart: whoever saw more of it than was written down
 * finds it there. Not beyond the numbers that were reserved for it.
 */
function endSlates({ timeline, nextNumber }: Recovery, nowMs: number): JournalEvent[] {
  const open = timeline.slates.filter(({ end }) => end === null)
  const events = open.map((slate): JournalEvent => {
    return { type: 'slate-end', span: slate.span, slots: slate.slotsBy(nowMs, nextNumber) }
  })
  for (const event of events) timeline.apply(event)
  return events
}

/** The slate that follows is that of the last span, and begins where the stream stopped. */
function standingOf({ timeline }: Recovery): Standing | null {
  const last = timeline.spans.at(-1)
  if (!last) return null
  const renditions = [...last.renditions.values()].map(({ spec }) => spec)
  const slateEndsMs = timeline.slates.map(({ wallMs, slotMs, slots }) => wallMs + slots * slotMs)
  return { renditions, endWallMs: Math.max(last.wallMs + (last.end?.durationMs ?? 0), ...slateEndsMs) }
}

/** MediaTime at which the next span begins. */
function capturedMs({ timeline }: Recovery): number {
  const last = timeline.spans.at(-1)
  return last ? last.mediaStartMs + (last.end?.durationMs ?? 0) : 0
}

function tellRecovery(recovered: Recovery, facts: RecordingFacts, deps: OpenRecordingDeps): void {
  const { recording, meeting } = facts
  for (const { span, index, wallMs, mediaStartMs, master, end } of recovered.timeline.spans) {
    deps.tell({ kind: 'span', span: { id: span, recording, index, wallMs, mediaStartMs, master } })
    if (end) deps.tell({ kind: 'span-end', id: span, durationMs: end.durationMs, cause: end.cause })
    deps.broadcast({
      type: 'journal',
      recording,
      event: { type: 'span-end', span, durationMs: end?.durationMs ?? 0, cause: end?.cause ?? 'crashed' },
    })
  }
  for (const { untilMs } of recovered.cut) {
    const id = newId<'incident'>()
    const detail = 'the live process ended; what was in its encoders is lost'
    deps.tell({ kind: 'incident', incident: { id, code: 'LIVE_RESTARTED', detail, meeting, recording, atMs: untilMs } })
    deps.tell({ kind: 'incident-end', id, atMs: deps.wallMs() })
  }
}

/** A full or failing disk: an incident from its first refusal until writing works again. */
function spoolTrouble({ recording, meeting }: RecordingFacts, { tell, wallMs, log }: OpenRecordingDeps) {
  let open: IncidentId | null = null
  return {
    onFault: ({ code, detail }: SpoolFault) => {
      log.error({ recording, code, detail }, 'recording has stopped; the stream goes on')
      open = newId<'incident'>()
      tell({ kind: 'incident', incident: { id: open, code, detail, meeting, recording, atMs: wallMs() } })
    },
    onResumed: () => {
      log.info({ recording }, 'recording has resumed')
      if (open) tell({ kind: 'incident-end', id: open, atMs: wallMs() })
      open = null
    },
  }
}
