import { createHash } from 'node:crypto'
import type { RecordingId, SpanId } from '#archive/core/ids.ts'
import type { JournalEvent } from '#archive/hls/journal-event.ts'
import type { LiveMessage } from '#archive/hls/live-message.ts'
import type { PackagedEvent, RenditionName, RenditionSpec, SpanCause } from '#archive/hls/packaging.ts'
import { slateSlots } from '#archive/hls/slate-layout.ts'
import type { SlateRecorder, Standing } from '../meeting/slate-run.ts'
import { SegmentTally } from './segment-tally.ts'

/** Where a recording's bytes and journal go. Nothing here waits; order is kept. */
export interface RecorderSpool {
  event(event: JournalEvent, init?: Uint8Array): void
  part(place: PartPlace, bytes: Uint8Array): void
  nextNumber(): number
  /** Resolves when all that was given is on disk or reported lost; writes the manifest when the recording has ended. */
  close(): Promise<void>
}

export interface PartPlace {
  readonly span: SpanId
  readonly rendition: RenditionName
  readonly n: number
  readonly p: number
}

/** What the catalogue keeps of a span; MediaTime in milliseconds. */
export interface SpanRecord {
  readonly span: SpanId
  readonly recording: RecordingId
  readonly index: number
  readonly wallMs: number
  readonly mediaStartMs: number
  readonly master: RenditionName
}

export interface RecorderDeps {
  readonly recording: RecordingId
  readonly spool: RecorderSpool
  readonly broadcast: (message: LiveMessage, payload?: Uint8Array) => void
  readonly onSpan: (span: SpanRecord) => void
  readonly onSpanEnd: (span: SpanId, durationMs: number, cause: SpanCause) => void
  /** Where the recording stood when it was opened: spans so far and their media. */
  readonly resumeFrom: { readonly spans: number; readonly mediaMs: number }
  /** Where its live stream stood then; null for a new one. */
  readonly standing?: Standing | null
}

export interface Recorder extends SlateRecorder {
  readonly standing: Standing | null
  record(event: PackagedEvent): void
  nextNumber(): number
  end(atMs: number): Promise<void>
  /** Closes files, recording stays open. */
  suspend(): Promise<void>
  /** Closes files of a recording that is to be deleted. */
  abandon(): Promise<void>
}

/** Writes what the packager makes into the journal, the spool and to the edges, in that order and at once. */
export function createRecorder(deps: RecorderDeps): Recorder {
  const { recording, spool, broadcast } = deps
  const tally = new SegmentTally()
  const spans = new Map<SpanId, { renditions: readonly RenditionSpec[]; master: RenditionName }>()
  let spanCount = deps.resumeFrom.spans
  let mediaMs = deps.resumeFrom.mediaMs
  let slateSegments = 0

  const write = (event: JournalEvent, init?: Uint8Array) => {
    spool.event(event, init)
    broadcast({ type: 'journal', recording, event }, init)
  }

  const openSpan = (event: Extract<PackagedEvent, { type: 'span' }>) => {
    const { span, wallMs, master, renditions } = event
    spans.set(span, { renditions, master })
    write({ type: 'span', span, index: spanCount, wallMs, mediaStartMs: mediaMs, master, renditions })
    deps.onSpan({ span, recording, index: spanCount, wallMs, mediaStartMs: mediaMs, master })
    spanCount += 1
  }

  const closeSegment = (event: Extract<PackagedEvent, { type: 'segment' }>) => {
    const { span, rendition, n, startTicks, durationTicks } = event
    const sums = tally.close(`${span}/${rendition}/${n}`)
    const spec = spans.get(span)
    if (spec?.master === rendition) {
      const timescale = spec.renditions.find(({ name }) => name === rendition)?.timescale ?? 1
      mediaMs += (durationTicks / timescale) * 1000
    }
    if (sums) write({ type: 'segment', span, rendition, n, startTicks, durationTicks, ...sums })
  }

  return {
    standing: deps.standing ?? null,
    nextNumber: () => spool.nextNumber(),
    beginSlate(slate) {
      slateSegments = 1
      write({ type: 'slate', ...slate, index: spanCount, fromNumber: spool.nextNumber() })
    },
    showSlate(slate, slots) {
      // Nobody else takes numbers while it is shown: they follow each other.
      for (; slateSegments * slateSlots < slots; slateSegments += 1) spool.nextNumber()
      broadcast({ type: 'slate', recording, span: slate, slots })
    },
    endSlate: (slate, slots) => write({ type: 'slate-end', span: slate, slots }),
    record(event) {
      switch (event.type) {
        case 'span':
          return openSpan(event)
        case 'init': {
          const { span, rendition, bytes } = event
          const sha256 = createHash('sha256').update(bytes).digest('hex')
          return write({ type: 'init', span, rendition, sizeBytes: bytes.length, sha256 }, bytes)
        }
        case 'part': {
          const { span, rendition, n, p, durationTicks, independent, bytes } = event
          tally.add(`${span}/${rendition}/${n}`, { durationTicks, independent }, bytes)
          broadcast({ type: 'part', recording, span, rendition, n, p, durationTicks, independent }, bytes)
          return spool.part({ span, rendition, n, p }, bytes)
        }
        case 'segment':
          return closeSegment(event)
        case 'gap':
          return write({
            type: 'gap',
            span: event.span,
            rendition: event.rendition,
            n: event.n,
            durationMs: event.durationMs,
          })
        case 'span-end': {
          const { span, durationMs, cause } = event
          spans.delete(span)
          write({ type: 'span-end', span, durationMs, cause })
          deps.onSpanEnd(span, durationMs, cause)
          return
        }
      }
    },
    async end(atMs) {
      write({ type: 'ended', atMs })
      await spool.close()
    },
    suspend: () => spool.close(),
    abandon: () => spool.close(),
  }
}
