import { type Outcome, refuse } from '#archive/core/errors.ts'
import type { MediaPlaylist, MultivariantPlaylist } from '#archive/hls/playlist.ts'
import { parsePlaylist } from '#archive/hls/playlist-parser.ts'

/** Addresses of what is listened to and looked at; null where the stream has none of it. */
export interface LowestRendition {
  readonly video: string | null
  readonly audio: string | null
}

/** The variant with the least bandwidth, and the sound that goes with it. Addresses are absolute. */
export function lowestRendition(playlist: MultivariantPlaylist, address: string): LowestRendition {
  const lowest = [...playlist.variants].sort((a, b) => a.bandwidthBps - b.bandwidthBps)[0]
  const absolute = (uri: string | null | undefined) => (uri ? new URL(uri, address).href : null)
  const sound = playlist.renditions.find(({ type, groupId }) => type === 'AUDIO' && groupId === lowest?.audio)
  if (lowest && lowest.resolution === null && !sound) return { video: null, audio: absolute(lowest.uri) }
  return { video: absolute(lowest?.uri), audio: absolute(sound?.uri) }
}

/** A complete segment as it was published. */
export interface PublishedSegment {
  /** Media sequence number, the same in all renditions. */
  readonly number: number
  /** Null for a gap. */
  readonly uri: string | null
  /** Init section. */
  readonly map: string | null
  /** WallTime of its first sample, as viewers are told; null when nobody said. */
  readonly atMs: number | null
  readonly discontinuity: boolean
  readonly durationMs: number
}

/**
 * Follows one media playlist: each look answers the segments that are new since the last, the first look the newest
 * alone. Delta updates (EXT-X-SKIP) carry on what full ones said.
 */
export class PlaylistFollower {
  readonly #address: string
  #next: number | null = null
  #map: string | null = null
  #endMs: number | null = null

  constructor(address: string) {
    this.#address = address
  }

  take(playlist: MediaPlaylist): PublishedSegment[] {
    const first = playlist.mediaSequence + (playlist.skip?.segments ?? 0)
    const end = first + playlist.segments.length
    // Numbers that run backwards belong to another playlist: a stream of another generation begins anew.
    const known = this.#next !== null && this.#next <= end ? this.#next : null
    const fresh: PublishedSegment[] = []
    let atMs: number | null = null
    for (const [index, segment] of playlist.segments.entries()) {
      const number = first + index
      if (segment.map) this.#map = this.#absolute(segment.map.uri)
      atMs = segment.programDateTimeMs ?? (number === known ? this.#endMs : atMs)
      const durationMs = segment.durationS * 1000
      if (number >= (known ?? end - 1)) {
        const uri = segment.gap ? null : this.#absolute(segment.uri)
        fresh.push({ number, uri, map: this.#map, atMs, discontinuity: segment.discontinuity, durationMs })
      }
      if (atMs !== null) atMs += durationMs
    }
    if (playlist.segments.length > 0) this.#endMs = atMs
    this.#next = end
    return fresh
  }

  #absolute(uri: string): string {
    return new URL(uri, this.#address).href
  }
}

/** Refusal: PLAYLIST_INVALID. */
export function readMedia(text: string): Outcome<MediaPlaylist> {
  const read = parsePlaylist(text)
  if (!read.ok) return read
  if (read.value.kind !== 'media') return refuse('PLAYLIST_INVALID', { message: 'line 1: not a media playlist' })
  return { ok: true, value: read.value }
}

/** Refusal: PLAYLIST_INVALID. */
export function readMultivariant(text: string): Outcome<MultivariantPlaylist> {
  const read = parsePlaylist(text)
  if (!read.ok) return read
  if (read.value.kind !== 'multivariant') {
    return refuse('PLAYLIST_INVALID', { message: 'line 1: not a multivariant playlist' })
  }
  return { ok: true, value: read.value }
}
