import type { RenditionName } from './packaging.ts'
import type { MediaPlaylist, MediaSegment } from './playlist.ts'
import { SegmentList, type ViewKind } from './segment-list.ts'
import type { Timeline } from './timeline.ts'

/**
 * Segments reach 4.4 s and round(4.4) = 4 (draft-pantos-hls-rfc8216bis 4.4.3.1); never changes during a stream and is
 * equal in all renditions.
 */
export const targetDurationS = 4

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

function listSegments(timeline: Timeline, { rendition, kind }: MediaView): MediaSegment[] {
  if (!timeline.facts) return []
  const list = new SegmentList(timeline, rendition, kind)
  list.update()
  return list.listed.map(({ segment }) => segment)
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
