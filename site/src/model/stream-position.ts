import { mediaTimeMap } from '#archive/domain/media-time.ts'
import type { MeetingView } from '#archive/domain/meeting-view.ts'

/** A stretch of what a player has before it, with the time at which it was captured. Seconds are the player's own. */
export interface DatedStretch {
  readonly startSeconds: number
  readonly durationSeconds: number
  /** WallTime (PROGRAM-DATE-TIME); null when the stream does not say. */
  readonly capturedAtMs: number | null
}

export type SpanViews = MeetingView['spans']

/**
 * The MediaTime that is shown at a position of a live stream, which counts the slates of pauses too: through the time at
 * which it was captured. Within a slate it is where the meeting goes on. Without dates the position itself.
 */
export function mediaSecondsAt(position: number, stretches: readonly DatedStretch[], spans: SpanViews): number {
  const holder = dated(stretches).findLast(({ startSeconds }) => startSeconds <= position)
  const mediaMs = holder && mapOf(spans).mediaAt(holder.capturedAtMs + (position - holder.startSeconds) * 1000)
  return mediaMs == null ? position : mediaMs / 1000
}

/** The position of a live stream at which a MediaTime is shown: the other way round. */
export function positionOf(mediaSeconds: number, stretches: readonly DatedStretch[], spans: SpanViews): number {
  const wallMs = mapOf(spans).wallAt(mediaSeconds * 1000)
  // Where a slate and the span behind it overlap by the encoder's delay, the span has it.
  const holder = wallMs === null ? undefined : dated(stretches).findLast(({ capturedAtMs }) => capturedAtMs <= wallMs)
  if (wallMs === null || !holder) return mediaSeconds
  return holder.startSeconds + Math.min(holder.durationSeconds, (wallMs - holder.capturedAtMs) / 1000)
}

type Dated = DatedStretch & { readonly capturedAtMs: number }

function dated(stretches: readonly DatedStretch[]): Dated[] {
  return stretches.filter((stretch): stretch is Dated => stretch.capturedAtMs !== null)
}

function mapOf(spans: SpanViews) {
  return mediaTimeMap(
    spans.map(({ startedAt, mediaStartSeconds, durationSeconds }) => ({
      wallMs: Date.parse(startedAt),
      mediaStartMs: mediaStartSeconds * 1000,
      durationMs: durationSeconds === null ? null : durationSeconds * 1000,
    })),
  )
}
