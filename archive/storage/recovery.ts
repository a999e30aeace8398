import { createHash } from 'node:crypto'
import { open, readdir, readFile, rename, rm, truncate } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { RecordingId, SpanId } from '../core/ids.ts'
import { parseMediaKey } from '../hls/address.ts'
import type { JournalEvent, SegmentEvent } from '../hls/journal-event.ts'
import type { RenditionName } from '../hls/packaging.ts'
import { entryMs, reduceJournal, type Timeline, type TimelineSpan } from '../hls/timeline.ts'
import { syncFolder, temporarySuffix, unlessAbsent } from './atomic-file.ts'
import { scanFragments } from './fragment-scan.ts'
import { JournalFile, readJournal } from './journal-file.ts'
import { journalFile, openSuffix, recordingFolder, spoolFile } from './spool-folder.ts'

/** A span that a crash cut off: nothing was captured from `untilMs` (WallTime) until the next span. */
export interface CutSpan {
  readonly span: SpanId
  readonly untilMs: number
}

export interface Recovery {
  /** The whole journal, what recovery added included. */
  readonly events: readonly JournalEvent[]
  readonly timeline: Timeline
  /** The first number that was never announced. */
  readonly nextNumber: number
  readonly cut: readonly CutSpan[]
  /** Files without a whole part, removed. */
  readonly emptyFiles: number
  readonly damagedLines: number
}

/**
 * Brings a recording's spool folder into order after its writer was killed: the journal's torn last line is cut off, segments
 * left open end at their last whole part, those without a line get one, spans without an end end there as `crashed`.
 * Running it twice changes nothing. Null when there is no journal. @throws the system's errors.
 */
export async function recoverRecording(spoolDir: string, recording: RecordingId): Promise<Recovery | null> {
  const file = journalFile(spoolDir, recording)
  const journal = await readJournal(file)
  if (!journal) return null
  await truncate(file, journal.wholeBytes)
  const timeline = reduceJournal(journal.events)
  const added: JournalEvent[] = []
  const cut: CutSpan[] = []
  let emptyFiles = 0
  for (const span of timeline.spans) {
    if (span.end) continue
    for (const rendition of span.renditions.keys()) {
      const rescued = await rescueRendition({ spoolDir, recording, span, rendition })
      emptyFiles += rescued.emptyFiles
      for (const event of rescued.events) if (timeline.apply(event)) added.push(event)
    }
    const durationMs = spanMs(span)
    const end: JournalEvent = { type: 'span-end', span: span.span, durationMs, cause: 'crashed' }
    if (timeline.apply(end)) added.push(end)
    cut.push({ span: span.span, untilMs: span.wallMs + durationMs })
  }
  await append(file, added)
  await removeTemporaries(recordingFolder(spoolDir, recording))
  const events = [...journal.events, ...added]
  return { events, timeline, nextNumber: timeline.nextNumber, cut, emptyFiles, damagedLines: journal.damagedLines }
}

async function append(file: string, events: readonly JournalEvent[]): Promise<void> {
  const journal = new JournalFile(file)
  for (const event of events) journal.add(event)
  try {
    await journal.flush()
  } finally {
    await journal.close()
  }
}

interface RenditionPlace {
  readonly spoolDir: string
  readonly recording: RecordingId
  readonly span: TimelineSpan
  readonly rendition: RenditionName
}

async function rescueRendition(place: RenditionPlace): Promise<{ events: JournalEvent[]; emptyFiles: number }> {
  const { spoolDir, recording, span, rendition } = place
  const of = span.renditions.get(rendition)
  const folder = dirname(spoolFile(spoolDir, { recording, span: span.span, rendition, n: null }))
  const names = (await unlessAbsent(readdir(folder))) ?? []
  const numbers = names
    .map((name) => parseMediaKey(`${recording}/${span.span}/${rendition}/${name.replace(/\.open$/, '')}`)?.n ?? null)
    .filter((n): n is number => n !== null && !of?.entries.has(n))
  const events: JournalEvent[] = []
  let emptyFiles = 0
  for (const n of [...new Set(numbers)].sort((a, b) => a - b)) {
    const previous = events.findLast((event): event is SegmentEvent => event.type === 'segment')
    const rescued = await rescueSegment(place, { n, previous: previous ?? null })
    if (rescued) events.push(rescued)
    else emptyFiles++
  }
  if (names.length > 0) await syncFolder(folder)
  return { events, emptyFiles }
}

interface Candidate {
  readonly n: number
  /** A segment that was rescued before this one. */
  readonly previous: SegmentEvent | null
}

/** Ends the segment at its last whole part and gives it its name; null when it had none. */
async function rescueSegment(place: RenditionPlace, { n, previous }: Candidate): Promise<SegmentEvent | null> {
  const { spoolDir, recording, span, rendition } = place
  const file = spoolFile(spoolDir, { recording, span: span.span, rendition, n })
  const openBytes = await unlessAbsent(readFile(file + openSuffix))
  const bytes = openBytes ?? (await readFile(file))
  const { fragments, wholeBytes } = scanFragments(bytes)
  const isOpen = openBytes !== null
  if (wholeBytes === 0) {
    await rm(isOpen ? file + openSuffix : file, { force: true })
    return null
  }
  if (isOpen) await finishFile(file, wholeBytes)
  const durationTicks = fragments.reduce((sum, fragment) => sum + fragment.durationTicks, 0)
  const decodeTicks = fragments[0]?.decodeTicks ?? 0
  return {
    type: 'segment',
    span: span.span,
    rendition,
    n,
    startTicks: previous ? previous.startTicks + previous.durationTicks : await startTicks(place, { n, decodeTicks }),
    durationTicks,
    sizeBytes: wholeBytes,
    sha256: createHash('sha256').update(bytes.subarray(0, wholeBytes)).digest('hex'),
    parts: fragments.map(({ sizeBytes, durationTicks, independent }) => ({ durationTicks, sizeBytes, independent })),
  }
}

async function finishFile(file: string, wholeBytes: number): Promise<void> {
  const handle = await open(file + openSuffix, 'r+')
  try {
    await handle.truncate(wholeBytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(file + openSuffix, file)
}

/** A span may begin at any decode time: the last segment that the journal knows tells the difference. */
async function startTicks(place: RenditionPlace, at: { n: number; decodeTicks: number }): Promise<number> {
  const { spoolDir, recording, span, rendition } = place
  const entries = [...(span.renditions.get(rendition)?.entries.values() ?? [])]
  const known = entries.filter((entry) => entry.kind === 'segment').at(-1)
  if (!known) return 0
  if (known.n === at.n - 1) return known.startTicks + known.durationTicks
  const bytes = await unlessAbsent(readFile(spoolFile(spoolDir, { recording, span: span.span, rendition, n: known.n })))
  const knownDecodeTicks = bytes && scanFragments(bytes).fragments[0]?.decodeTicks
  if (knownDecodeTicks === undefined || knownDecodeTicks === null) return known.startTicks + known.durationTicks
  return known.startTicks + at.decodeTicks - knownDecodeTicks
}

/** What was captured of the master, gaps included. */
function spanMs(span: TimelineSpan): number {
  const master = span.renditions.get(span.master)
  if (!master) return 0
  return [...master.entries.values()].reduce((sum, entry) => sum + entryMs(master, entry), 0)
}

async function removeTemporaries(folder: string): Promise<void> {
  const names = await readdir(folder, { recursive: true })
  for (const name of names) if (name.endsWith(temporarySuffix)) await rm(join(folder, name), { force: true })
}
