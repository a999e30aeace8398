import type { MediaCollector } from './media-collector.ts'
import { readPlaylist, withDirectives } from './playlist-reading.ts'
import type { Directives, PlaylistPurpose, PlaylistSeen } from './session.ts'
import type { Transport } from './transport.ts'

export interface Following {
  readonly rendition: string
  readonly transport: Transport
  readonly media: MediaCollector
  readonly seen: PlaylistSeen[]
  /** Nothing more is begun after this. */
  readonly untilMs: number
}

export async function askPlaylist(
  { rendition, transport, seen }: Following,
  purpose: PlaylistPurpose,
  directives: Directives,
): Promise<PlaylistSeen> {
  const exchange = await transport.get(withDirectives(rendition, directives))
  const playlist = readPlaylist({ rendition, purpose, directives }, exchange)
  seen.push(playlist)
  return playlist
}
