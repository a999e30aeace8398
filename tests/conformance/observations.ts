import type { MediaPlaylist } from '#archive/hls/playlist.ts'
import type { PlaylistSeen, Session } from './session.ts'

export interface ReadPlaylist extends PlaylistSeen {
  readonly playlist: MediaPlaylist
}

/** Every answer that is a media playlist. */
export function readPlaylists({ playlists }: Session): readonly ReadPlaylist[] {
  return playlists.filter((seen): seen is ReadPlaylist => seen.playlist !== null)
}

/** Playlists of a stream that announces parts and goes on. */
export function lowLatencyPlaylists(session: Session): readonly ReadPlaylist[] {
  return readPlaylists(session).filter(({ playlist }) => playlist.partTargetS !== null && !playlist.ended)
}

/** Playlists that list everything: no delta updates. */
export function fullPlaylists(session: Session): readonly ReadPlaylist[] {
  return readPlaylists(session).filter(({ playlist }) => playlist.skip === null)
}

export function byRendition<T extends { readonly rendition: string }>(seen: readonly T[]): ReadonlyMap<string, T[]> {
  return Map.groupBy(seen, ({ rendition }) => rendition)
}

/** Neighbours in the order of their answers, the second asked for after the first had come. */
export function successions(seen: readonly ReadPlaylist[]): readonly (readonly [ReadPlaylist, ReadPlaylist])[] {
  const pairs: [ReadPlaylist, ReadPlaylist][] = []
  for (const [index, later] of seen.entries()) {
    const earlier = seen.slice(0, index).findLast(({ exchange }) => exchange.endAtMs <= later.exchange.sentAtMs)
    if (earlier) pairs.push([earlier, later])
  }
  return pairs
}

/** `source.m3u8: what` */
export function about({ rendition }: { readonly rendition: string }, what: string): string {
  return `${rendition.split('/').at(-1)}: ${what}`
}
