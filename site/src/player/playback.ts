import type { PlaybackSource } from '../model/playback-source.ts'
import type { DatedStretch } from '../model/stream-position.ts'

export interface PlaybackRequest {
  readonly video: HTMLVideoElement
  readonly source: PlaybackSource
  /** The position to begin at, as soon as it is known what is there; null is the live edge, or the beginning of a replay. */
  readonly startAt: ((stretches: readonly DatedStretch[]) => number) | null
  /** There is a playlist and a position. */
  readonly onReady: () => void
  /** It cannot go on: somebody must detach it and begin anew. */
  readonly onBroken: () => void
}

/** A video element that is being fed. */
export interface Playback {
  detach(): void
  /** Where a live stream is watched at its newest; null for a replay, or while it is not known. */
  liveSeconds(): number | null
  /** What a live stream has before it and when that was captured; nothing for a replay, whose positions are MediaTime. */
  stretches(): readonly DatedStretch[]
}

/** Plays through hls.js, or through the browser's own HLS where hls.js cannot run; null when neither can. */
export async function attachPlayback(request: PlaybackRequest): Promise<Playback | null> {
  const { attachHls, canRunHls } = await import('./hls-playback.ts')
  if (canRunHls()) return attachHls(request)
  if (request.video.canPlayType('application/vnd.apple.mpegurl') === '') return null
  const { attachNative } = await import('./native-playback.ts')
  return attachNative(request)
}
