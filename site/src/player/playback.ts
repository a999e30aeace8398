import type { PlaybackSource } from '../model/playback-source.ts'

export interface PlaybackRequest {
  readonly video: HTMLVideoElement
  readonly source: PlaybackSource
  /** MediaTime to begin at; null is the live edge, or the beginning of a replay. */
  readonly startSeconds: number | null
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
}

/** Plays through hls.js, or through the browser's own HLS where hls.js cannot run; null when neither can. */
export async function attachPlayback(request: PlaybackRequest): Promise<Playback | null> {
  const { attachHls, canRunHls } = await import('./hls-playback.ts')
  if (canRunHls()) return attachHls(request)
  if (request.video.canPlayType('application/vnd.apple.mpegurl') === '') return null
  const { attachNative } = await import('./native-playback.ts')
  return attachNative(request)
}
