import type { RecordingId } from '../core/ids.ts'

/** Absolute where the public address is known, otherwise beginning with a slash. */
export function meetingUrl(publicUrl: string | null, slug: string, startSeconds: number | null = null): string {
  return `${publicUrl ?? ''}/meetings/${slug}${startSeconds === null ? '' : `?t=${startSeconds}`}`
}

export function livePlaylist(slug: string): string {
  return `/live/${slug}/index.m3u8`
}

export function replayPlaylist(recording: RecordingId): string {
  return `/media/${recording}/index.m3u8`
}
