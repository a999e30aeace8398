import Hls from 'hls.js'
import { farBehindS, gentleRate, hastyRate, liveWithinS, resumeAfterMs, resumeWithS } from './live-settings.ts'

/** Keeps whoever watches live near the newest picture: through stalls, and through the time when nobody looks. */
export function stayLive(hls: Hls, video: HTMLVideoElement): () => void {
  const abort = new AbortController()
  const { signal } = abort
  let wasLive = true
  let isAsleep = false
  let isReturning = false
  let heldSince: number | null = null

  const behindTarget = () => hls.latency - (hls.targetLatency ?? 0)

  const adapt = () => {
    hls.config.maxLiveSyncPlaybackRate = behindTarget() > farBehindS ? hastyRate : gentleRate
  }

  const release = () => {
    if (heldSince === null) return
    heldSince = null
    video.playbackRate = 1
  }
  const look = () => {
    adapt()
    if (heldSince === null) return
    const ahead = hls.mainForwardBufferInfo?.len ?? 0
    if (ahead >= resumeWithS || performance.now() - heldSince > resumeAfterMs) release()
  }
  // A stalled element goes on with the first part that comes, and stalls again behind it.
  const hold = () => {
    if (heldSince !== null || video.seeking || video.paused || behindTarget() > liveWithinS) return
    if (!hls.latestLevelDetails?.partList) return
    heldSince = performance.now()
    video.playbackRate = 0
  }
  hls.on(Hls.Events.FRAG_BUFFERED, look)
  hls.on(Hls.Events.LEVEL_UPDATED, look)
  video.addEventListener('waiting', hold, { signal })
  for (const event of ['pause', 'seeking'] as const) video.addEventListener(event, release, { signal })
  const looking = setInterval(look, 250)

  // Without picture and sound nobody follows: other pages of this browser need the connections.
  const sleepOrWake = () => {
    if (document.visibilityState === 'hidden') {
      wasLive = behindTarget() < liveWithinS
      isAsleep = video.paused || video.muted
      if (isAsleep) hls.stopLoad()
      return
    }
    if (isAsleep) hls.startLoad(-1)
    isAsleep = false
    isReturning = wasLive
  }
  // Where live is, is only known when a playlist has come.
  const comeBack = () => {
    const live = hls.liveSyncPosition
    if (!isReturning || live === null) return
    isReturning = false
    if (live - video.currentTime > farBehindS) video.currentTime = live
  }
  hls.on(Hls.Events.LEVEL_UPDATED, comeBack)
  document.addEventListener('visibilitychange', sleepOrWake, { signal })

  // The live button of the controls knows the end of the playlist only; the stream says how far from it is live.
  const toLive = () => {
    const live = hls.liveSyncPosition
    if (live !== null) video.currentTime = live
  }
  video.closest('media-controller')?.addEventListener('mediaseektoliverequest', toLive, { signal })

  return () => {
    clearInterval(looking)
    abort.abort()
    release()
  }
}
