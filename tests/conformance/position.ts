import type { MediaPlaylist, MediaSegment } from '#archive/hls/playlist.ts'
import type { Position } from './session.ts'

/** Media sequence number of the first segment that the playlist lists; a delta update lists fewer. */
export function firstListed(playlist: MediaPlaylist): number {
  return playlist.mediaSequence + (playlist.skip?.segments ?? 0)
}

/** Media sequence number of the segment that is not complete yet. */
export function openNumber(playlist: MediaPlaylist): number {
  return firstListed(playlist) + playlist.segments.length
}

export function numbered(playlist: MediaPlaylist): { readonly msn: number; readonly segment: MediaSegment }[] {
  const first = firstListed(playlist)
  return playlist.segments.map((segment, index) => ({ msn: first + index, segment }))
}

/** The newest part; `part` is -1 when the newest segment lists none. */
export function newest(playlist: MediaPlaylist): Position {
  const open = openNumber(playlist)
  if (playlist.openParts.length > 0) return { msn: open, part: playlist.openParts.length - 1 }
  return { msn: open - 1, part: (playlist.segments.at(-1)?.parts.length ?? 0) - 1 }
}

export function isAfter(a: Position, b: Position): boolean {
  return a.msn > b.msn || (a.msn === b.msn && a.part > b.part)
}

/**
 * Whether the playlist holds what `_HLS_msn` and `_HLS_part` asked for. A part past the end of its segment means
 * part 0 of the next one (6.2.5.2).
 */
export function holds(playlist: MediaPlaylist, { msn, part }: { msn: number; part: number | null }): boolean {
  const open = openNumber(playlist)
  if (part === null || open > msn + 1) return open > msn
  if (open === msn) return playlist.openParts.length > part
  if (open < msn) return false
  const parts = playlist.segments.at(-1)?.parts.length ?? 0
  return part < parts || parts === 0 || playlist.openParts.length > 0
}

/** The segments of a playlist's text with their tags in the order they stand; the last one has no address yet. */
export function segmentBlocks(text: string): { readonly tags: readonly string[]; readonly uri: string | null }[] {
  const blocks: { tags: string[]; uri: string | null }[] = [{ tags: [], uri: null }]
  for (const line of text.split(/\r?\n/)) {
    const block = blocks.at(-1)
    if (line === '' || !block) continue
    if (line.startsWith('#')) block.tags.push(line)
    else {
      block.uri = line
      blocks.push({ tags: [], uri: null })
    }
  }
  return blocks
}
