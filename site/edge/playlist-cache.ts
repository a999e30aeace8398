import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { mediaPlaylist } from '#archive/hls/media-view.ts'
import { multivariantPlaylist } from '#archive/hls/multivariant-view.ts'
import { writeMediaPlaylist, writeMultivariantPlaylist } from '#archive/hls/playlist-writer.ts'
import type { ViewKind } from '#archive/hls/segment-list.ts'
import type { Timeline } from '#archive/hls/timeline.ts'
import { acceptsGzip } from './accepted-encoding.ts'
import { type Answer, matchesEtag, notFound, openToAll } from './answer.ts'
import type { PlaylistName } from './route.ts'

const compress = promisify(gzip)

interface Rendered {
  readonly version: number
  readonly plain: Buffer
  readonly gzipped: Promise<Buffer>
  /** Weak: the same for both encodings. */
  readonly etag: string
}

/** Playlists of each timeline, rendered and compressed once for each of its versions, whoever asks. */
export class PlaylistCache {
  readonly #rendered = new WeakMap<Timeline, Map<string, Rendered | null>>()
  readonly #playable = new WeakSet<Timeline>()

  async answer(
    timeline: Timeline,
    { name, kind }: { name: PlaylistName; kind: ViewKind },
    request: IncomingHttpHeaders,
  ): Promise<Answer> {
    const rendered = this.#render(timeline, name, kind)
    if (!rendered) return notFound
    const headers = {
      'content-type': 'application/vnd.apple.mpegurl',
      'cache-control': kind === 'live' ? 'max-age=1' : 'no-cache',
      vary: 'accept-encoding',
      etag: rendered.etag,
      ...openToAll,
    }
    if (matchesEtag(request['if-none-match'], rendered.etag)) return { status: 304, headers, body: null }
    if (!acceptsGzip(request['accept-encoding'])) return { status: 200, headers, body: rendered.plain }
    return { status: 200, headers: { ...headers, 'content-encoding': 'gzip' }, body: await rendered.gzipped }
  }

  /** Whether a live multivariant playlist can be answered; what has become playable stays so. */
  isPlayable(timeline: Timeline): boolean {
    if (this.#playable.has(timeline)) return true
    const isPlayable = this.#render(timeline, 'multivariant', 'live') !== null
    if (isPlayable) this.#playable.add(timeline)
    return isPlayable
  }

  #render(timeline: Timeline, name: PlaylistName, kind: ViewKind): Rendered | null {
    const known = this.#rendered.get(timeline) ?? new Map<string, Rendered | null>()
    this.#rendered.set(timeline, known)
    const key = `${kind} ${name}`
    const before = known.get(key)
    if (before?.version === timeline.version) return before
    const text = playlistText(timeline, name, kind)
    const rendered = text === null ? null : render(text, timeline.version)
    known.set(key, rendered)
    return rendered
  }
}

function playlistText(timeline: Timeline, name: PlaylistName, kind: ViewKind): string | null {
  if (name === 'multivariant') {
    const playlist = multivariantPlaylist(timeline, kind)
    return playlist && writeMultivariantPlaylist(playlist)
  }
  const playlist = mediaPlaylist(timeline, { rendition: name, kind, windowS: null })
  return playlist && writeMediaPlaylist(playlist)
}

function render(text: string, version: number): Rendered {
  const plain = Buffer.from(text)
  const digest = createHash('sha256').update(plain).digest('base64url').slice(0, 22)
  return { version, plain, gzipped: compress(plain, { level: 6 }), etag: `W/"${digest}"` }
}
