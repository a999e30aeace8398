import { gunzipSync } from 'node:zlib'
import type { MediaPlaylist } from '#archive/hls/playlist.ts'
import { parsePlaylist } from '#archive/hls/playlist-parser.ts'
import { newest, numbered, openNumber } from '../conformance/position.ts'
import type { Position } from '../conformance/session.ts'
import type { Answered } from './origin-viewer.ts'

/** A part, or a segment of a stream without parts. */
export interface ListedMedia {
  readonly position: Position
  readonly path: string
}

export interface Listing {
  readonly newest: Position
  readonly lowLatency: boolean
  readonly partTargetS: number | null
  readonly targetDurationS: number
  readonly media: readonly ListedMedia[]
}

/**
 * What playlists of one rendition list. All viewers share it: each version is parsed once, since the swarm's own work is
 * not what is measured.
 */
export class Listings {
  readonly #known = new Map<string, Listing>()

  /** `version`: the request, which names a version while reloads block. */
  of(version: string | null, answered: Answered): Listing | null {
    const known = version === null ? undefined : this.#known.get(version)
    if (known) return known
    const body = answered.body ?? Buffer.alloc(0)
    const text = /\r\ncontent-encoding: *gzip/i.test(answered.headers) ? gunzipSync(body) : body
    const parsed = parsePlaylist(text.toString())
    if (!parsed.ok || parsed.value.kind !== 'media') return null
    const listing = listingOf(parsed.value)
    if (version !== null) {
      this.#known.set(version, listing)
      if (this.#known.size > 64) this.#known.delete(this.#known.keys().next().value ?? '')
    }
    return listing
  }
}

function listingOf(playlist: MediaPlaylist): Listing {
  const { partTargetS, targetDurationS, openParts } = playlist
  const lowLatency = partTargetS !== null && playlist.serverControl?.canBlockReload === true
  const open = openNumber(playlist)
  const media = numbered(playlist).flatMap(({ msn, segment }) =>
    lowLatency ? partsOf(msn, segment.parts) : [{ position: { msn, part: 0 }, path: segment.uri }],
  )
  if (lowLatency) media.push(...partsOf(open, openParts))
  const last = lowLatency ? newest(playlist) : { msn: open - 1, part: 0 }
  return { newest: last, lowLatency, partTargetS, targetDurationS, media }
}

function partsOf(msn: number, parts: readonly { uri: string }[]): ListedMedia[] {
  return parts.map(({ uri }, part) => ({ position: { msn, part }, path: uri }))
}
