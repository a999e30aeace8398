import { gunzipSync } from 'node:zlib'
import { parsePlaylist } from '#archive/hls/playlist-parser.ts'
import type { Directives, Exchange, PlaylistPurpose, PlaylistSeen } from './session.ts'

export const noDirectives: Directives = { msn: null, part: null, skip: false }

/** The address of a playlist request; directives stand behind the address's own query (6.2.5). */
export function withDirectives(rendition: string, { msn, part, skip }: Directives): string {
  const url = new URL(rendition)
  if (msn !== null) url.searchParams.set('_HLS_msn', String(msn))
  if (part !== null) url.searchParams.set('_HLS_part', String(part))
  if (skip) url.searchParams.set('_HLS_skip', 'YES')
  return url.href
}

/** The text of an answer, or null when it is not what its content-encoding says. */
export function textOf({ headers, body }: Exchange): string | null {
  try {
    return Buffer.from(headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('utf8')
  } catch {
    return null
  }
}

export interface PlaylistRequest {
  readonly rendition: string
  readonly purpose: PlaylistPurpose
  readonly directives: Directives
}

export function readPlaylist(request: PlaylistRequest, exchange: Exchange): PlaylistSeen {
  const text = textOf(exchange)
  const unread = { ...request, exchange, text: text ?? '', playlist: null }
  if (exchange.status !== 200) return { ...unread, problem: `status ${exchange.status}` }
  if (text === null) return { ...unread, problem: 'its content-encoding is not what it says' }
  const parsed = parsePlaylist(text)
  if (!parsed.ok) return { ...unread, problem: parsed.message }
  if (parsed.value.kind !== 'media') return { ...unread, problem: 'not a media playlist' }
  return { ...unread, playlist: parsed.value, problem: null }
}
