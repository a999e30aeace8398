import Hls, { type HlsConfig, type LevelDetails } from 'hls.js'
import type { DatedStretch } from '../model/stream-position.ts'
import { stayLive } from './live-edge.ts'
import { liveSettings } from './live-settings.ts'
import type { Playback, PlaybackRequest } from './playback.ts'
import { renditionsOf } from './rendition-list.ts'

export function canRunHls(): boolean {
  return Hls.isSupported()
}

/**
 * Positions of a replay equal MediaTime because its playlist begins with the recording. Text tracks are the page's own. The segments are fragmented MP4 and need no re-muxing, so a worker would only cost a policy for it.
 */
const settings: Partial<HlsConfig> = {
  enableWorker: false,
  renderTextTracksNatively: false,
  enableWebVTT: false,
  enableIMSC1: false,
  enableCEA708Captions: false,
  liveDurationInfinity: true,
  backBufferLength: 60,
  capLevelToPlayerSize: true,
}

/** A decoder may be recovered in place once within this time; more often it is broken. */
const recoveryMs = 10_000

export function attachHls(request: PlaybackRequest): Playback {
  const { video, source, startAt, onReady, onBroken } = request
  const isLive = source.kind === 'live'
  const hls = new Hls({
    ...settings,
    ...(isLive ? liveSettings : {}),
    startPosition: isLive ? -1 : (startAt?.([]) ?? -1),
  })
  const renditions = renditionsOf(video)
  const abort = new AbortController()
  if (isLive && startAt) {
    // Only the playlist tells where in a live stream a moment of the meeting stands.
    const jump = () => {
      video.currentTime = startAt(stretchesOf(hls.latestLevelDetails))
    }
    video.addEventListener('loadedmetadata', jump, { once: true, signal: abort.signal })
  }
  let recoveredAt = Number.NEGATIVE_INFINITY
  hls.on(Hls.Events.MANIFEST_PARSED, () => {
    renditions?.follow(hls)
    onReady()
  })
  hls.on(Hls.Events.ERROR, (_event, { fatal, type }) => {
    if (!fatal) return
    if (type === Hls.ErrorTypes.MEDIA_ERROR && performance.now() - recoveredAt > recoveryMs) {
      recoveredAt = performance.now()
      hls.recoverMediaError()
    } else onBroken()
  })
  hls.attachMedia(video)
  hls.loadSource(source.hls)
  const leave = isLive ? stayLive(hls, video) : null
  return {
    detach() {
      leave?.()
      abort.abort()
      hls.destroy()
    },
    liveSeconds: () => (isLive ? hls.liveSyncPosition : null),
    stretches: () => (isLive ? stretchesOf(hls.latestLevelDetails) : []),
  }
}

function stretchesOf(details: LevelDetails | null): DatedStretch[] {
  return (details?.fragments ?? []).map(({ start, duration, programDateTime }) => {
    return { startSeconds: start, durationSeconds: duration, capturedAtMs: programDateTime }
  })
}
