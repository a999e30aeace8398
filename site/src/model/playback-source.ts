import type { MeetingView } from '#archive/domain/meeting-view.ts'

export interface PlaybackSource {
  readonly kind: 'live' | 'replay'
  readonly hls: string
}

/** What the player shows; the live stream wins while it runs, and null means there is nothing to play. */
export function playbackSource(view: Pick<MeetingView, 'live' | 'replay'>): PlaybackSource | null {
  if (view.live) return { kind: 'live', hls: view.live.hls }
  if (view.replay) return { kind: 'replay', hls: view.replay.hls }
  return null
}

export function sameSource(a: PlaybackSource | null, b: PlaybackSource | null): boolean {
  return a?.kind === b?.kind && a?.hls === b?.hls
}
