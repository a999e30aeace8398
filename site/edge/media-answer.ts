import type { IncomingHttpHeaders } from 'node:http'
import type { RenditionName } from '#archive/hls/packaging.ts'
import type { ByteSpan } from '#archive/storage/media-store.ts'
import type { FoundMedia } from '#archive/storage/recording-reader.ts'
import { type Answer, matchesEtag, openToAll, type Streamed } from './answer.ts'
import { rangeOf } from './byte-range.ts'

/** Where the bytes of a file come from. */
export type MediaSource = Uint8Array | FoundMedia

export interface Freshness {
  /** WallTime of publication; null before it. */
  readonly publishedAtMs: number | null
  readonly nowMs: number
  readonly cacheAfterS: number
}

/** Long caching begins when a publication has proved not to be a mistake. */
export function mediaCaching({ publishedAtMs, nowMs, cacheAfterS }: Freshness): string {
  const isSettled = publishedAtMs !== null && nowMs - publishedAtMs >= cacheAfterS * 1000
  return isSettled ? 'public, max-age=31536000, immutable' : 'public, max-age=60'
}

export interface NamedMedia {
  readonly key: string
  readonly rendition: RenditionName
  readonly source: MediaSource
}

/** The answer for one media file or part: whole, a range, or 304. The name is the entity tag: its bytes never change. */
export function mediaAnswer(
  { key, rendition, source }: NamedMedia,
  request: IncomingHttpHeaders,
  cacheControl: string,
): Answer {
  const etag = `"${key}"`
  const sizeBytes = source instanceof Uint8Array ? source.length : source.sizeBytes
  const headers = {
    'content-type': rendition === 'audio' ? 'audio/mp4' : 'video/mp4',
    'cache-control': cacheControl,
    'accept-ranges': 'bytes',
    etag,
    ...openToAll,
  }
  if (matchesEtag(request['if-none-match'], etag)) return { status: 304, headers, body: null }
  const ifRange = request['if-range']
  const range = ifRange === undefined || ifRange === etag ? rangeOf(request.range, sizeBytes) : 'all'
  if (range === 'unsatisfiable') {
    return { status: 416, headers: { ...headers, 'content-range': `bytes */${sizeBytes}` }, body: new Uint8Array() }
  }
  if (range === 'all') return { status: 200, headers, body: bodyOf(source, { first: 0, last: sizeBytes - 1 }) }
  const contentRange = `bytes ${range.first}-${range.last}/${sizeBytes}`
  return { status: 206, headers: { ...headers, 'content-range': contentRange }, body: bodyOf(source, range) }
}

function bodyOf(source: MediaSource, range: ByteSpan): Uint8Array | Streamed {
  if (source instanceof Uint8Array) return source.subarray(range.first, range.last + 1)
  return {
    lengthBytes: range.last - range.first + 1,
    open: () => source.open(range),
  }
}
