import { createHash } from 'node:crypto'
import type { MediaPlaylist } from '#archive/hls/playlist.ts'
import { newest, numbered, openNumber } from './position.ts'
import type { FileOccasion, FileSeen, Position } from './session.ts'
import type { Transport } from './transport.ts'

/** Segments that were complete before the follower came; older ones are left alone. */
const oldSegments = 2
/** What one session keeps of media; afterwards only hints are fetched. */
const mostBytes = 192 * 1024 * 1024

interface Wanted {
  readonly kind: FileSeen['kind']
  readonly occasion: FileOccasion
  readonly position?: Position
}

/** Fetches what a rendition's playlists list and hint, each file once when it appears and some of them again. */
export class MediaCollector {
  readonly #rendition: string
  readonly #transport: Transport
  readonly #files: FileSeen[]
  readonly #asked = new Set<string>()
  readonly #listedParts = new Map<number, readonly string[]>()
  readonly #running = new Set<Promise<void>>()
  #bytes = 0

  constructor(rendition: string, transport: Transport, files: FileSeen[]) {
    this.#rendition = rendition
    this.#transport = transport
    this.#files = files
  }

  /** Looks at a full playlist; what is new in it is fetched beside whatever else goes on. */
  look(playlist: MediaPlaylist): void {
    const isFirst = this.#asked.size === 0
    const from = openNumber(playlist) - oldSegments
    for (const { msn, segment } of numbered(playlist)) {
      if (segment.gap || (msn < from && isFirst)) {
        this.#asked.add(this.#address(segment.uri))
        continue
      }
      if (segment.map) this.#want(segment.map.uri, { kind: 'init', occasion: 'listed' })
      this.#lookAtParts(msn, segment.parts)
      this.#want(segment.uri, { kind: 'segment', occasion: 'listed' })
    }
    this.#lookAtParts(openNumber(playlist), playlist.openParts)
    if (!playlist.ended) this.#lookAtHint(playlist)
    this.#noteLeft(playlist)
  }

  /** One file of each kind again, to see that its bytes have not changed. */
  async again(): Promise<void> {
    for (const kind of ['init', 'segment', 'part'] as const) {
      const known = this.#files.find((file) => file.rendition === this.#rendition && file.kind === kind && isHere(file))
      if (known) await this.#fetch(known.url, { kind, occasion: 'again' })
    }
  }

  /** An address that was never listed nor hinted. */
  async unknown(uri: string, kind: 'segment' | 'part'): Promise<void> {
    await this.#fetch(this.#address(uri), { kind, occasion: 'unknown' })
  }

  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }

  #lookAtParts(msn: number, parts: readonly { uri: string; gap: boolean }[]): void {
    const here = parts.filter(({ gap }) => !gap)
    if (here.length > 0)
      this.#listedParts.set(
        msn,
        here.map(({ uri }) => this.#address(uri)),
      )
    for (const part of here) this.#want(part.uri, { kind: 'part', occasion: 'listed' })
  }

  #lookAtHint(playlist: MediaPlaylist): void {
    const { msn, part } = newest(playlist)
    const position = playlist.openParts.length > 0 ? { msn, part: part + 1 } : { msn: msn + 1, part: 0 }
    for (const hint of playlist.preloadHints) {
      if (hint.type === 'PART') this.#want(hint.uri, { kind: 'part', occasion: 'hint', position })
    }
  }

  /** Parts that are listed no more are asked for at once, and again when they should just still be there. */
  #noteLeft(playlist: MediaPlaylist): void {
    for (const { msn, segment } of numbered(playlist)) {
      const urls = this.#listedParts.get(msn)
      const first = urls?.[0]
      if (!first || segment.parts.length > 0) continue
      this.#listedParts.delete(msn)
      this.#run(this.#fetch(first, { kind: 'part', occasion: 'left' }))
      this.#run(
        this.#transport
          .sleep(playlist.targetDurationS * 2500)
          .then(() => this.#fetch(first, { kind: 'part', occasion: 'left-late' })),
      )
    }
  }

  #want(uri: string, wanted: Wanted): void {
    const url = this.#address(uri)
    if (this.#asked.has(url) || this.#bytes > mostBytes) return
    this.#asked.add(url)
    this.#run(this.#fetch(url, wanted))
  }

  #run(work: Promise<void>): void {
    this.#running.add(work)
    void work.finally(() => this.#running.delete(work))
  }

  async #fetch(url: string, { kind, occasion, position }: Wanted): Promise<void> {
    const exchange = await this.#transport.get(url)
    this.#bytes += exchange.body.length
    const digest = createHash('sha256').update(exchange.body).digest('hex')
    this.#files.push({ rendition: this.#rendition, kind, occasion, position: position ?? null, url, exchange, digest })
  }

  #address(uri: string): string {
    return new URL(uri, this.#rendition).href
  }
}

const isHere = (file: FileSeen) => file.exchange.status === 200
