import { mediaAddress } from './address.ts'
import type { RenditionName } from './packaging.ts'
import type { MediaPlaylist, MediaSegment } from './playlist.ts'
import { entryMs, type Timeline, type TimelineEntry, type TimelineRendition, type TimelineSpan } from './timeline.ts'

/**
 * Segments reach 4.4 s and round(4.4) = 4 (draft-pantos-hls-rfc8216bis 4.4.3.1); never changes during a stream and is
 * equal in all renditions.
 */
export const targetDurationS = 4

/** `live` lists what is complete; `replay` lists everything there will ever be. */
export type ViewKind = 'live' | 'replay'

export interface MediaView {
  readonly rendition: RenditionName
  readonly kind: ViewKind
  /** Length of a sliding window at the live edge; null lists the recording from its beginning. */
  readonly windowS: number | null
}

/**
 * The media playlist of one rendition. Every rendition lists the same numbers in the same order, with a discontinuity at the
 * same ones: where it has no media it carries a gap as long as the master's segment. MEDIA-SEQUENCE counts listed segments,
 * not segment numbers, because a restarted process leaves numbers out and the format knows no holes.
 * Null before there is anything to list, and for a rendition that the recording never had.
 */
export function mediaPlaylist(timeline: Timeline, view: MediaView): MediaPlaylist | null {
  if (!timeline.spans.some((span) => span.renditions.has(view.rendition))) return null
  const all = listSegments(timeline, view)
  if (all.length === 0) return null
  const from = view.windowS === null || view.kind === 'replay' ? 0 : windowStart(all, view.windowS)
  const ended = view.kind === 'replay' || timeline.endedAtMs !== null
  const segments = all.slice(from)
  return {
    kind: 'media',
    version: 7,
    targetDurationS: view.kind === 'replay' ? longestRounded(segments) : targetDurationS,
    mediaSequence: from,
    discontinuitySequence: all.slice(0, from).filter((segment) => segment.discontinuity).length,
    type: view.kind === 'replay' ? 'VOD' : null,
    independentSegments: true,
    serverControl: null,
    partTargetS: null,
    skip: null,
    segments: withDates(segments),
    openParts: [],
    preloadHints: [],
    renditionReports: [],
    dateRanges: [],
    ended,
  }
}

function listSegments(timeline: Timeline, view: MediaView): MediaSegment[] {
  const listed: MediaSegment[] = []
  const recording = timeline.facts?.recording
  if (!recording) return listed
  for (const [index, span] of timeline.spans.entries()) {
    const over = view.kind === 'replay' || span.end !== null || index < timeline.spans.length - 1
    const place = { recording, span: span.span, rendition: view.rendition }
    const rendition = span.renditions.get(view.rendition)
    const ownMap = { uri: mediaAddress({ ...place, n: null }), byteRange: null }
    // The map of the span before stays in force over the gaps of a span without this rendition.
    const map = rendition?.init ? ownMap : (listed.at(-1)?.map ?? null)
    for (const entry of settledEntries(span, rendition, over)) {
      const previous = listed.at(-1)
      listed.push({
        durationS: (rendition ? entryMs(rendition, entry) : gapMs(entry)) / 1000,
        uri: mediaAddress({ ...place, n: entry.n }),
        discontinuity: previous !== undefined && !previous.uri.startsWith(`/media/${recording}/${span.span}/`),
        gap: entry.kind === 'gap',
        programDateTimeMs: Math.round(span.wallMs + startMs(span, rendition, entry)),
        map,
        byteRange: null,
        parts: [],
      })
    }
  }
  return listed
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
 * What stands at each number of the span for good, up to the first of which that is not known yet: a playlist's history is
 * append-only. `over`: nothing more will be said of the span.
 */
function* settledEntries(
  span: TimelineSpan,
  rendition: TimelineRendition | undefined,
  over: boolean,
): Generator<TimelineEntry> {
  const master = span.renditions.get(span.master)
  for (const n of numbersOf(span)) {
    const own = rendition?.entries.get(n)
    const isSettled = own || over || (rendition ? rendition.lastNumber > n : master?.entries.has(n))
    if (!isSettled) return
    yield own ?? { kind: 'gap', n, durationMs: numberMs(span, n) }
  }
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

const numberCache = new WeakMap<TimelineSpan, { readonly entries: number; readonly numbers: readonly number[] }>()

/** Every number that any rendition of the span has, ascending. */
function numbersOf(span: TimelineSpan): readonly number[] {
  const renditions = [...span.renditions.values()]
  const entries = renditions.reduce((sum, rendition) => sum + rendition.entries.size, 0)
  const known = numberCache.get(span)
  if (known?.entries === entries) return known.numbers
  const numbers = [...new Set(renditions.flatMap((rendition) => [...rendition.entries.keys()]))].sort((a, b) => a - b)
  numberCache.set(span, { entries, numbers })
  return numbers
}

function windowStart(all: readonly MediaSegment[], windowS: number): number {
  let durationS = 0
  for (let i = all.length - 1; i >= 0; i--) {
    durationS += all[i]?.durationS ?? 0
    if (durationS >= windowS) return i
  }
  return 0
}

function longestRounded(segments: readonly MediaSegment[]): number {
  return segments.reduce((longest, { durationS }) => Math.max(longest, Math.round(durationS)), targetDurationS)
}

/** PROGRAM-DATE-TIME stands where it cannot be computed: at the first segment and after each discontinuity. */
function withDates(segments: readonly MediaSegment[]): MediaSegment[] {
  return segments.map((segment, index) =>
    index === 0 || segment.discontinuity ? segment : { ...segment, programDateTimeMs: null },
  )
}
