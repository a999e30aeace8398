import { gunzipSync } from 'node:zlib'
import type { MediaPlaylist } from '#archive/hls/playlist.ts'
import { parsePlaylist } from '#archive/hls/playlist-parser.ts'
import { newest, numbered, openNumber } from '../conformance/position.ts'
import type { Position } from '../conformance/session.ts'
import type { Answered } from './origin-viewer.ts'

/** A part, or a segment of a stream without parts, with the time of its first and last sample from the first listing on. */
export interface ListedMedia {
  readonly position: Position
  readonly path: string
  readonly endS: number
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
  readonly #startS = new Map<number, number>()

  /** `version`: the request, which names a version while reloads block. */
  of(version: string | null, answered: Answered): Listing | null {
    const known = version === null ? undefined : this.#known.get(version)
    if (known) return known
    const body = answered.body ?? Buffer.alloc(0)
    const text = /\r\ncontent-encoding: *gzip/i.test(answered.headers) ? gunzipSync(body) : body
    const parsed = parsePlaylist(text.toString())
    if (!parsed.ok || parsed.value.kind !== 'media') return null
    const listing = this.#list(parsed.value)
    if (version !== null) {
      this.#known.set(version, listing)
      if (this.#known.size > 64) this.#known.delete(this.#known.keys().next().value ?? '')
    }
    return listing
  }

  #list(playlist: MediaPlaylist): Listing {
    const lowLatency = playlist.partTargetS !== null && playlist.serverControl?.canBlockReload === true
    const media: ListedMedia[] = []
    for (const { msn, segment } of numbered(playlist)) {
      const startS = this.#startOf(msn)
      this.#startS.set(msn + 1, startS + segment.durationS)
      if (lowLatency) media.push(...partsOf(msn, startS, segment.parts))
      else media.push({ position: { msn, part: 0 }, path: segment.uri, endS: startS + segment.durationS })
    }
    const open = openNumber(playlist)
    if (lowLatency) media.push(...partsOf(open, this.#startOf(open), playlist.openParts))
    const { partTargetS, targetDurationS } = playlist
    const last = lowLatency ? newest(playlist) : { msn: open - 1, part: 0 }
    return { newest: last, lowLatency, partTargetS, targetDurationS, media }
  }

  #startOf(msn: number): number {
    const known = this.#startS.get(msn)
    if (known !== undefined) return known
    this.#startS.set(msn, 0)
    return 0
  }
}

function partsOf(msn: number, startS: number, parts: readonly { uri: string; durationS: number }[]): ListedMedia[] {
  let endS = startS
  return parts.map(({ uri, durationS }, part) => {
    endS += durationS
    return { position: { msn, part }, path: uri, endS }
  })
}
