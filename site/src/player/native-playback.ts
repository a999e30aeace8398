import type { Playback, PlaybackRequest } from './playback.ts'

/** The browser's own HLS (Safari on phones). */
export function attachNative({ video, source, startSeconds, onReady, onBroken }: PlaybackRequest): Playback {
  const abort = new AbortController()
  const { signal } = abort
  const ready = () => {
    if (startSeconds !== null) video.currentTime = startSeconds
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
    liveSeconds() {
      const { seekable } = video
      return source.kind === 'live' && seekable.length > 0 ? seekable.end(seekable.length - 1) - 3 : null
    },
  }
}
