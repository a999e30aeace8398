import { hash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { renditionNames } from '#archive/hls/address.ts'
import { LivePlaylist } from '#archive/hls/live-playlist.ts'
import type { RenditionName } from '#archive/hls/packaging.ts'
import type { RenditionReport } from '#archive/hls/playlist.ts'
import type { Timeline } from '#archive/hls/timeline.ts'
import { type Answer, openToAll } from './answer.ts'
import { GrowingGzip } from './growing-gzip.ts'

export interface PlaylistForm {
  readonly isDelta: boolean
  readonly isGzipped: boolean
}

type Stream = ReadonlyMap<RenditionName, LiveRendition>

/** Low-latency playlists: each version is rendered and compressed once, when somebody first asks, for all who wait for it. */
export class LivePlaylists {
  readonly #streams = new WeakMap<Timeline, Stream>()

  /** Null while there is nothing to list. */
  playlist(timeline: Timeline, name: RenditionName): LivePlaylist | null {
    const playlist = this.#stream(timeline).get(name)?.playlist
    return playlist?.isListable && hasRendition(timeline, name) ? playlist : null
  }

  answer(timeline: Timeline, name: RenditionName, form: PlaylistForm): Answer | null {
    if (!this.playlist(timeline, name)) return null
    const reports = () =>
      renditionNames.flatMap((other) => (other === name ? [] : (this.playlist(timeline, other)?.report() ?? [])))
    return this.#stream(timeline).get(name)?.answer({ edition: timeline.edition, reports, form }) ?? null
  }

  #stream(timeline: Timeline): Stream {
    const known = this.#streams.get(timeline)
    if (known) return known
    const stream = new Map(
      renditionNames.map((name): [RenditionName, LiveRendition] => [
        name,
        new LiveRendition(new LivePlaylist(timeline, name)),
      ]),
    )
    this.#streams.set(timeline, stream)
    return stream
  }
}

function hasRendition(timeline: Timeline, name: RenditionName): boolean {
  return timeline.spans.some((span) => span.renditions.has(name))
}

interface Asked {
  readonly edition: number
  readonly reports: () => readonly RenditionReport[]
  readonly form: PlaylistForm
}

class LiveRendition {
  readonly playlist: LivePlaylist
  readonly #gzip = new GrowingGzip()
  #edition = -1
  #answers = new Map<string, Answer>()

  constructor(playlist: LivePlaylist) {
    this.playlist = playlist
  }

  answer({ edition, reports, form }: Asked): Answer {
    if (edition !== this.#edition) this.#answers = new Map()
    this.#edition = edition
    const key = `${form.isDelta} ${form.isGzipped}`
    const known = this.#answers.get(key)
    if (known) return known
    const answer = this.#render(reports(), form)
    this.#answers.set(key, answer)
    return answer
  }

  #render(reports: readonly RenditionReport[], { isDelta, isGzipped }: PlaylistForm): Answer {
    const delta = isDelta ? this.playlist.delta(reports) : null
    if (delta !== null) {
      return {
        status: 200,
        headers: headersOf(delta, isGzipped),
        body: isGzipped ? gzipSync(delta) : Buffer.from(delta),
      }
    }
    const full = this.playlist.full(reports)
    // What is settled only grows: its length stands for it.
    const headers = headersOf(`${full.settled.length} ${full.rest}`, isGzipped)
    const body = isGzipped ? this.#gzip.compress(full) : Buffer.from(full.settled + full.rest)
    return { status: 200, headers, body }
  }
}

function headersOf(content: string, isGzipped: boolean): Answer['headers'] {
  return {
    'content-type': 'application/vnd.apple.mpegurl',
    'cache-control': 'max-age=1',
    vary: 'accept-encoding',
    // Weak: the same for both encodings.
    etag: `W/"${hash('sha256', content, 'base64url').slice(0, 22)}"`,
    ...openToAll,
    ...(isGzipped ? { 'content-encoding': 'gzip' } : {}),
  }
}
