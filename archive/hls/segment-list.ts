import { mediaAddress } from './address.ts'
import type { RenditionName } from './packaging.ts'
import type { MediaMap, MediaSegment, SegmentHead } from './playlist.ts'
import { entryMs, type Timeline, type TimelineEntry, type TimelineRendition, type TimelineSpan } from './timeline.ts'

/** `live` lists what is complete; `replay` lists everything there will ever be. */
export type ViewKind = 'live' | 'replay'

export interface ListedSegment {
  /** Without its parts. */
  readonly segment: MediaSegment
  readonly span: TimelineSpan
  readonly entry: TimelineEntry
}

/** The segment of which parts are listed, and its place behind what is complete. */
export interface OpenListing {
  readonly span: TimelineSpan
  readonly rendition: TimelineRendition
  readonly open: NonNullable<TimelineRendition['open']>
  readonly head: SegmentHead
}

/**
 * The segments of one rendition in their order, each with its date. Every rendition lists the same numbers in the same order,
 * with a discontinuity at the same ones: where it has no media it carries a gap as long as the master's segment.
 * Only grows: what stands at each place stands there for good, so that `update` costs what is new.
 */
export class SegmentList {
  readonly #timeline: Timeline
  readonly #name: RenditionName
  readonly #kind: ViewKind
  readonly #listed: ListedSegment[] = []
  /** Index of the span that is being listed, and its last number that was. */
  #at = { span: 0, number: -1 }

  constructor(timeline: Timeline, name: RenditionName, kind: ViewKind) {
    this.#timeline = timeline
    this.#name = name
    this.#kind = kind
  }

  get listed(): readonly ListedSegment[] {
    return this.#listed
  }

  /** Takes in what the timeline has gained. */
  update(): void {
    const spans = this.#spans
    for (let span = spans[this.#at.span]; span; span = spans[this.#at.span]) {
      this.#takeSpan(span)
      if (this.#at.span === spans.length - 1) return
      this.#at = { span: this.#at.span + 1, number: -1 }
    }
  }

  /** Null while no part of a next segment is there. */
  open(): OpenListing | null {
    const span = this.#spans.at(-1)
    const rendition = span?.renditions.get(this.#name)
    if (!span || !rendition?.open || span.end) return null
    const { open } = rendition
    const startMs = (open.startTicks * 1000) / rendition.spec.timescale
    return { span, rendition, open, head: this.#head(span, rendition, startMs) }
  }

  /** A replay has no slates. */
  get #spans(): readonly TimelineSpan[] {
    return this.#kind === 'live' ? this.#timeline.stretches : this.#timeline.spans
  }

  #takeSpan(span: TimelineSpan): void {
    const over = this.#kind === 'replay' || span.end !== null || span !== this.#spans.at(-1)
    const rendition = span.renditions.get(this.#name)
    for (let i = span.numbers.findLastIndex((n) => n <= this.#at.number) + 1; i < span.numbers.length; i++) {
      const n = span.numbers[i] ?? 0
      const entry = settledEntry(span, rendition, { n, over })
      if (!entry) return
      this.#at = { ...this.#at, number: n }
      this.#listed.push({ span, entry, segment: this.#segment(span, rendition, entry) })
    }
  }

  #segment(span: TimelineSpan, rendition: TimelineRendition | undefined, entry: TimelineEntry): MediaSegment {
    const recording = this.#timeline.facts?.recording
    return {
      ...this.#head(span, rendition, startMs(span, rendition, entry)),
      durationS: (rendition ? entryMs(rendition, entry) : gapMs(entry)) / 1000,
      uri: recording ? mediaAddress({ recording, span: span.span, rendition: this.#name, n: entry.n }) : '',
      gap: entry.kind === 'gap',
      byteRange: null,
      parts: [],
    }
  }

  #head(span: TimelineSpan, rendition: TimelineRendition | undefined, startsAtMs: number): SegmentHead {
    const previous = this.#listed.at(-1)
    return {
      discontinuity: previous !== undefined && previous.span !== span,
      programDateTimeMs: Math.round(span.wallMs + startsAtMs),
      // The map of the span before stays in force over the gaps of a span without this rendition.
      map: rendition?.init ? this.#map(span) : (previous?.segment.map ?? null),
    }
  }

  #map({ span }: TimelineSpan): MediaMap | null {
    const recording = this.#timeline.facts?.recording
    return recording
      ? { uri: mediaAddress({ recording, span, rendition: this.#name, n: null }), byteRange: null }
      : null
  }
}

const gapMs = (entry: TimelineEntry) => (entry.kind === 'gap' ? entry.durationMs : 0)

/** Time from the start of the span; a gap stands where the master's segment stands. */
function startMs(span: TimelineSpan, rendition: TimelineRendition | undefined, entry: TimelineEntry): number {
  const own = rendition && entry.kind === 'segment' ? { rendition, entry } : null
  const master = span.renditions.get(span.master)
  const at = master?.entries.get(entry.n)
  const standing = own ?? (master && at?.kind === 'segment' ? { rendition: master, entry: at } : null)
  return standing ? (standing.entry.startTicks * 1000) / standing.rendition.spec.timescale : 0
}

/**
 * What stands at number `n` for good, null while that is not known yet: a playlist's history is append-only.
 * `over`: nothing more will be said of the span.
 */
function settledEntry(
  span: TimelineSpan,
  rendition: TimelineRendition | undefined,
  { n, over }: { n: number; over: boolean },
): TimelineEntry | null {
  const own = rendition?.entries.get(n)
  if (own) return own
  const goesOn = rendition && (rendition.lastNumber > n || (rendition.open?.n ?? -1) > n)
  const isSettled = over || goesOn || (!rendition && span.renditions.get(span.master)?.entries.has(n))
  return isSettled ? { kind: 'gap', n, durationMs: numberMs(span, n) } : null
}

/** How long segment `number` lasts: the master's duration, or any rendition's where the master has none. */
function numberMs(span: TimelineSpan, number: number): number {
  const master = span.renditions.get(span.master)
  for (const rendition of [...(master ? [master] : []), ...span.renditions.values()]) {
    const entry = rendition.entries.get(number)
    if (entry) return entryMs(rendition, entry)
  }
  return 0
}
