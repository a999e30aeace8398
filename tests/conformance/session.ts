import type { MediaPlaylist } from '#archive/hls/playlist.ts'

/** One HTTP exchange as the client saw it; times are milliseconds of one monotonic clock. */
export interface Exchange {
  readonly url: string
  /** 0: no answer, or it broke off. */
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** As it came over the wire, content-encoding and all. */
  readonly body: Uint8Array
  readonly sentAtMs: number
  /** Status line and headers had come. */
  readonly headAtMs: number
  readonly endAtMs: number
}

/** Delivery directives of a playlist request (draft-pantos-hls-rfc8216bis 6.2.5). */
export interface Directives {
  readonly msn: number | null
  readonly part: number | null
  readonly skip: boolean
}

/** Why a playlist was asked for: to follow the stream, or to try one rule. */
export type PlaylistPurpose =
  | 'follow'
  | 'part-alone'
  | 'msn-too-far'
  | 'part-too-far'
  | 'old-msn'
  | 'past-end'
  | 'after-end'
  | 'after-end-plain'

export interface PlaylistSeen {
  /** Address of the media playlist, without directives. */
  readonly rendition: string
  readonly purpose: PlaylistPurpose
  readonly directives: Directives
  readonly exchange: Exchange
  readonly text: string
  /** Null when the answer was no playlist. */
  readonly playlist: MediaPlaylist | null
  /** Why it could not be read. */
  readonly problem: string | null
}

/** `hint`: asked for while it was only hinted. `left`, `left-late`: after it had left the playlist. */
export type FileOccasion = 'listed' | 'hint' | 'left' | 'left-late' | 'again' | 'unknown'

export interface FileSeen {
  readonly rendition: string
  readonly kind: 'init' | 'segment' | 'part'
  readonly occasion: FileOccasion
  /** Of the part that a hint stands for; null for everything else. */
  readonly position: Position | null
  readonly url: string
  readonly exchange: Exchange
  /** Hex SHA-256 of the body. */
  readonly digest: string
}

/** Part `part` (from 0) of the segment with media sequence number `msn`. */
export interface Position {
  readonly msn: number
  readonly part: number
}

/** What a decoder said of an init section and the consecutive parts behind it. */
export interface Decoding {
  readonly rendition: string
  readonly init: string
  readonly parts: number
  readonly complaints: readonly string[]
}

/** Everything that was observed of one origin; the checks are functions of it. */
export interface Session {
  readonly multivariant: { readonly exchange: Exchange; readonly text: string; readonly problem: string | null } | null
  /** Addresses of the media playlists. */
  readonly renditions: readonly string[]
  /** In the order of their ends. */
  readonly playlists: readonly PlaylistSeen[]
  readonly files: readonly FileSeen[]
  readonly decodings: readonly Decoding[]
}
