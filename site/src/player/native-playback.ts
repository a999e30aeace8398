import type { DatedStretch } from '../model/stream-position.ts'
import type { Playback, PlaybackRequest } from './playback.ts'

interface DatedVideo {
  /** HTML 4.8.11.6; Safari has it. */
  getStartDate?(): Date
}

/** The browser's own HLS (Safari on phones). */
export function attachNative({ video, source, startAt, onReady, onBroken }: PlaybackRequest): Playback {
  const abort = new AbortController()
  const { signal } = abort
  // The date of its beginning is all that this player tells; slates keep the rest of the stream in step with the clock.
  const stretches = (): DatedStretch[] => {
    const beganMs = source.kind === 'live' ? (video as DatedVideo).getStartDate?.().getTime() : undefined
    const capturedAtMs = beganMs === undefined || Number.isNaN(beganMs) ? null : beganMs
    return source.kind === 'live' ? [{ startSeconds: 0, durationSeconds: Number.POSITIVE_INFINITY, capturedAtMs }] : []
  }
  const ready = () => {
    if (startAt !== null) video.currentTime = startAt(stretches())
    onReady()
  }
  video.addEventListener('loadedmetadata', ready, { once: true, signal })
  video.addEventListener('error', onBroken, { signal })
  video.src = source.hls
  return {
    detach() {
      abort.abort()
      video.removeAttribute('src')
      video.load()
    },
    stretches,
    liveSeconds() {
      const { seekable } = video
      return source.kind === 'live' && seekable.length > 0 ? seekable.end(seekable.length - 1) - 3 : null
    },
  }
}
