import type { SpanId } from '../core/ids.ts'

/** One uninterrupted stretch of a recording. `durationMs` is null while it is open, or when its end was never written. */
export interface SpanFacts {
  readonly span: SpanId
  /** WallTime of its first frame. */
  readonly wallMs: number
  /** MediaTime of its first frame: the captured media of all earlier spans. */
  readonly mediaStartMs: number
  readonly durationMs: number | null
}

/** Between WallTime and MediaTime, which counts captured media only: a gap between spans has no length in it. */
export interface MediaTimeMap {
  /** Captured media in all; null while the last span is open. */
  readonly durationMs: number | null
  /** Before the first frame: 0. In a gap: the start of the next span. After the last frame: the end. Null without spans. */
  mediaAt(wallMs: number): number | null
  /** Where two spans meet, the start of the later one. Null without spans, and beyond the end. */
  wallAt(mediaMs: number): number | null
}

export function mediaTimeMap(spans: readonly Omit<SpanFacts, 'span'>[]): MediaTimeMap {
  const sorted = spans.toSorted((a, b) => a.wallMs - b.wallMs || a.mediaStartMs - b.mediaStartMs)
  const stretches = sorted.map((span, index) => ({ ...span, lengthMs: lengthOf(span, sorted[index + 1]) }))
  const last = stretches.at(-1)
  const durationMs = !last ? 0 : last.lengthMs === null ? null : last.mediaStartMs + last.lengthMs
  return {
    durationMs,
    mediaAt: (wallMs) => {
      const holder = stretches.findLast((stretch) => stretch.wallMs <= wallMs)
      if (!holder) return stretches[0]?.mediaStartMs ?? null
      const insideMs = wallMs - holder.wallMs
      return holder.mediaStartMs + (holder.lengthMs === null ? insideMs : Math.min(insideMs, holder.lengthMs))
    },
    wallAt: (mediaMs) => {
      const holder = stretches.findLast((stretch) => stretch.mediaStartMs <= mediaMs)
      if (!holder) return null
      const insideMs = mediaMs - holder.mediaStartMs
      return holder.lengthMs !== null && insideMs > holder.lengthMs ? null : holder.wallMs + insideMs
    },
  }
}

type Stretch = Omit<SpanFacts, 'span'>

// A span that a crash left without an end reaches as far as the next one's MediaTime says that media was captured.
function lengthOf(span: Stretch, next: Stretch | undefined): number | null {
  if (span.durationMs !== null) return span.durationMs
  return next ? Math.max(0, next.mediaStartMs - span.mediaStartMs) : null
}
