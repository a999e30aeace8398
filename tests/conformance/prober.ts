import { parsePlaylist } from '#archive/hls/playlist-parser.ts'
import { MediaCollector } from './media-collector.ts'
import { textOf } from './playlist-reading.ts'
import { follow } from './rendition-follower.ts'
import type { FileSeen, PlaylistSeen, Session } from './session.ts'
import type { Transport } from './transport.ts'

/** Follows every rendition of an origin for a while and records what it says. Nothing is judged here. */
export async function probe(url: string, seconds: number, transport: Transport): Promise<Session> {
  const untilMs = transport.nowMs() + seconds * 1000
  const { multivariant, renditions } = await open(url, transport)
  const playlists: PlaylistSeen[] = []
  const files: FileSeen[] = []
  await Promise.all(
    renditions.map((rendition) => {
      const media = new MediaCollector(rendition, transport, files)
      return follow({ rendition, transport, media, seen: playlists, untilMs })
    }),
  )
  return { multivariant, renditions, playlists, files, decodings: [] }
}

/** The address may be that of a multivariant or of a media playlist. */
async function open(url: string, transport: Transport): Promise<Pick<Session, 'multivariant' | 'renditions'>> {
  const exchange = await transport.get(url)
  const text = textOf(exchange) ?? ''
  const parsed = parsePlaylist(text)
  if (parsed.ok && parsed.value.kind === 'media') return { multivariant: null, renditions: [url] }
  const problem = exchange.status !== 200 ? `status ${exchange.status}` : parsed.ok ? null : parsed.message
  const multivariant = { exchange, text, problem }
  if (!parsed.ok || parsed.value.kind !== 'multivariant') return { multivariant, renditions: [] }
  const { variants, renditions } = parsed.value
  const uris = [...variants.map((variant) => variant.uri), ...renditions.flatMap(({ uri }) => uri ?? [])]
  return { multivariant, renditions: [...new Set(uris.map((uri) => new URL(uri, url).href))] }
}
