import type { MeetingId, RecordingId, SpanId, TownId } from '../core/ids.ts'
import type { JournalEvent, PartFacts, SegmentEvent, SlateEvent } from './journal-event.ts'
import type { RenditionName, RenditionSpec, SpanCause } from './packaging.ts'
import { SlateStretch } from './slate-stretch.ts'

export interface TimelineSegment {
  readonly kind: 'segment'
  readonly n: number
  /** From the start of the span, in the rendition's timescale. */
  readonly startTicks: number
  readonly durationTicks: number
  readonly sizeBytes: number
  readonly sha256: string
  readonly parts: SegmentEvent['parts']
}

/** The rendition has no media for segment `n`. */
export interface TimelineGap {
  readonly kind: 'gap'
  readonly n: number
  readonly durationMs: number
}

export type TimelineEntry = TimelineSegment | TimelineGap

/** A segment of which parts are there and the end is not; its parts are known from the first on. */
export interface OpenSegment {
  readonly n: number
  readonly startTicks: number
  readonly parts: readonly OpenPart[]
}

export type OpenPart = Omit<PartFacts, 'sizeBytes'>

/** A part as it closes. `startTicks` counts from the start of the span. */
export interface ArrivedPart extends OpenPart {
  readonly span: SpanId
  readonly rendition: RenditionName
  readonly n: number
  readonly p: number
  readonly startTicks: number
}

export interface TimelineRendition {
  readonly spec: RenditionSpec
  readonly init: { readonly sizeBytes: number; readonly sha256: string } | null
  readonly entries: ReadonlyMap<number, TimelineEntry>
  /** The highest number of `entries`, -1 when there is none. */
  readonly lastNumber: number
  readonly open: OpenSegment | null
}

export interface TimelineSpan {
  readonly span: SpanId
  readonly index: number
  readonly wallMs: number
  /** MediaTime at the start of the span. */
  readonly mediaStartMs: number
  readonly master: RenditionName
  readonly renditions: ReadonlyMap<RenditionName, TimelineRendition>
  /** Every number that any rendition has an entry for, ascending. */
  readonly numbers: readonly number[]
  readonly end: { readonly durationMs: number; readonly cause: SpanCause | 'crashed' } | null
}

export interface RecordingFacts {
  readonly recording: RecordingId
  readonly town: TownId
  readonly meeting: MeetingId
  readonly slug: string
  readonly atMs: number
}

interface OpenRendition extends TimelineRendition {
  init: TimelineRendition['init']
  lastNumber: number
  open: (OpenSegment & { readonly parts: OpenPart[] }) | null
  readonly entries: Map<number, TimelineEntry>
}

interface OpenSpan extends TimelineSpan {
  end: TimelineSpan['end']
  readonly numbers: number[]
  readonly renditions: Map<RenditionName, OpenRendition>
}

/**
 * What a recording consists of, as its journal tells it. Applying an event a second time changes nothing; events of a
 * span that was never announced are passed over. The first statement about a segment stands: a name never gets other bytes.
 */
export class Timeline {
  #facts: RecordingFacts | null = null
  readonly #spans: OpenSpan[] = []
  readonly #byId = new Map<SpanId, OpenSpan>()
  readonly #slates = new Map<SpanId, SlateStretch>()
  readonly #stretches: (OpenSpan | SlateStretch)[] = []
  #endedAtMs: number | null = null
  #reopenedAtMs = Number.NEGATIVE_INFINITY
  #reservedUpTo = 0
  #version = 0
  #edition = 0

  get facts(): RecordingFacts | null {
    return this.#facts
  }

  get spans(): readonly TimelineSpan[] {
    return this.#spans
  }

  /** The spans and the slates between them, in order: what a live stream consists of. */
  get stretches(): readonly TimelineSpan[] {
    return this.#stretches
  }

  get slates(): readonly SlateStretch[] {
    return [...this.#slates.values()]
  }

  slate(span: SpanId): SlateStretch | null {
    return this.#slates.get(span) ?? null
  }

  /** WallTime of the end, null while the recording goes on. */
  get endedAtMs(): number | null {
    return this.#endedAtMs
  }

  /** The first number that was never announced nor reserved. */
  get nextNumber(): number {
    const highest = Math.max(
      -1,
      ...this.#stretches.flatMap((span) => [...span.renditions.values()].map((rendition) => rendition.lastNumber)),
    )
    return Math.max(this.#reservedUpTo, highest + 1)
  }

  /** Grows with every event that changed something. */
  get version(): number {
    return this.#version
  }

  /** Grows with every event and every part that changed something. */
  get edition(): number {
    return this.#edition
  }

  /** Whether the event said anything new. */
  apply(event: JournalEvent): boolean {
    const changed = this.#take(event)
    if (changed) {
      this.#version++
      this.#edition++
    }
    return changed
  }

  /** Whether it was the next part of its segment. One whose predecessors were missed is of no use before the segment ends. */
  takePart({ span: id, rendition: name, n, p, startTicks, durationTicks, independent }: ArrivedPart): boolean {
    const span = this.#byId.get(id)
    const rendition = span?.renditions.get(name)
    if (!span || !rendition || span.end || n <= rendition.lastNumber) return false
    const part = { durationTicks, independent }
    const { open } = rendition
    if (open?.n === n && open.parts.length === p) open.parts.push(part)
    else if (p === 0 && n > (open?.n ?? -1)) rendition.open = { n, startTicks, parts: [part] }
    else return false
    this.#edition++
    return true
  }

  /** The slate has been shown for so many slots so far. */
  advanceSlate(span: SpanId, slots: number): boolean {
    const changed = this.#slates.get(span)?.advance(slots) ?? false
    if (changed) this.#edition++
    return changed
  }

  #take(event: JournalEvent): boolean {
    switch (event.type) {
      case 'recording':
        return this.#takeRecording(event)
      case 'span':
        return this.#takeSpan(event)
      case 'slate':
        return this.#takeSlate(event)
      case 'slate-end':
        return this.#slates.get(event.span)?.finish(event.slots) ?? false
      case 'numbers':
        return this.#takeNumbers(event.upTo)
      case 'ended':
        return this.#takeEnd(event.atMs)
      case 'reopened':
        return this.#takeReopening(event.atMs)
      default:
        return this.#takeWithinSpan(event)
    }
  }

  #takeRecording({ recording, town, meeting, slug, atMs }: Extract<JournalEvent, { type: 'recording' }>): boolean {
    if (this.#facts) return false
    this.#facts = { recording, town, meeting, slug, atMs }
    return true
  }

  #takeSpan(event: Extract<JournalEvent, { type: 'span' }>): boolean {
    if (this.#byId.has(event.span)) return false
    const { type: _, renditions, ...facts } = event
    const span: OpenSpan = {
      ...facts,
      end: null,
      numbers: [],
      renditions: new Map(
        renditions.map((spec) => [spec.name, { spec, init: null, entries: new Map(), lastNumber: -1, open: null }]),
      ),
    }
    this.#byId.set(event.span, span)
    this.#spans.push(span)
    this.#spans.sort((a, b) => a.index - b.index)
    this.#place(span)
    return true
  }

  #takeSlate(event: SlateEvent): boolean {
    if (this.#slates.has(event.span)) return false
    const last = this.#spans.findLast(({ index }) => index < event.index)
    const slate = new SlateStretch(event, last ? last.mediaStartMs + (last.end?.durationMs ?? 0) : 0)
    this.#slates.set(event.span, slate)
    this.#place(slate)
    return true
  }

  #place(stretch: OpenSpan | SlateStretch): void {
    this.#stretches.push(stretch)
    this.#stretches.sort((a, b) => a.index - b.index || fromNumber(a) - fromNumber(b))
  }

  #takeNumbers(upTo: number): boolean {
    if (upTo <= this.#reservedUpTo) return false
    this.#reservedUpTo = upTo
    return true
  }

  // The later of the two stands, whatever order they come in: a journal is told again from its start on every connection.
  #takeEnd(atMs: number): boolean {
    if (atMs <= this.#reopenedAtMs || (this.#endedAtMs !== null && atMs <= this.#endedAtMs)) return false
    this.#endedAtMs = atMs
    return true
  }

  #takeReopening(atMs: number): boolean {
    if (atMs <= this.#reopenedAtMs || (this.#endedAtMs !== null && atMs < this.#endedAtMs)) return false
    this.#reopenedAtMs = atMs
    this.#endedAtMs = null
    return true
  }

  #takeWithinSpan(event: Extract<JournalEvent, { type: 'init' | 'segment' | 'gap' | 'span-end' }>): boolean {
    const span = this.#byId.get(event.span)
    if (!span) return false
    if (event.type === 'span-end') {
      if (span.end) return false
      span.end = { durationMs: event.durationMs, cause: event.cause }
      for (const rendition of span.renditions.values()) rendition.open = null
      return true
    }
    const rendition = span.renditions.get(event.rendition)
    if (!rendition) return false
    if (event.type === 'init') {
      if (rendition.init) return false
      rendition.init = { sizeBytes: event.sizeBytes, sha256: event.sha256 }
      return true
    }
    if (!addEntry(rendition, event)) return false
    addNumber(span.numbers, event.n)
    return true
  }
}

/** Slates come before the span that follows them. */
function fromNumber(stretch: OpenSpan | SlateStretch): number {
  return 'fromNumber' in stretch ? stretch.fromNumber : Number.POSITIVE_INFINITY
}

function addNumber(numbers: number[], n: number): void {
  const before = numbers.findLastIndex((number) => number <= n)
  if (numbers[before] !== n) numbers.splice(before + 1, 0, n)
}

function addEntry(rendition: OpenRendition, event: Extract<JournalEvent, { type: 'segment' | 'gap' }>): boolean {
  if (rendition.entries.has(event.n)) return false
  if (event.type === 'gap') {
    rendition.entries.set(event.n, { kind: 'gap', n: event.n, durationMs: event.durationMs })
  } else {
    const { n, startTicks, durationTicks, sizeBytes, sha256, parts } = event
    rendition.entries.set(n, { kind: 'segment', n, startTicks, durationTicks, sizeBytes, sha256, parts })
  }
  rendition.lastNumber = Math.max(rendition.lastNumber, event.n)
  if (rendition.open && rendition.open.n <= event.n) rendition.open = null
  return true
}

/** The timeline that a journal describes. */
export function reduceJournal(events: Iterable<JournalEvent>): Timeline {
  const timeline = new Timeline()
  for (const event of events) timeline.apply(event)
  return timeline
}

/** Duration in milliseconds, not rounded. */
export function entryMs(rendition: TimelineRendition, entry: TimelineEntry): number {
  return entry.kind === 'gap' ? entry.durationMs : (entry.durationTicks * 1000) / rendition.spec.timescale
}
