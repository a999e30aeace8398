import { isId, type RecordingId } from '#archive/core/ids.ts'
import { isRenditionName, type MediaFile, type PartFile, parseMediaKey, parsePartKey } from '#archive/hls/address.ts'
import type { RenditionName } from '#archive/hls/packaging.ts'

/** `multivariant`, or the media playlist of one rendition. */
export type PlaylistName = 'multivariant' | RenditionName

export type Route =
  | { readonly kind: 'health' }
  | { readonly kind: 'events'; readonly slug: string }
  | { readonly kind: 'live-playlist'; readonly slug: string; readonly name: PlaylistName }
  | { readonly kind: 'replay-playlist'; readonly recording: RecordingId; readonly name: PlaylistName }
  | { readonly kind: 'media'; readonly file: MediaFile }
  | { readonly kind: 'part'; readonly part: PartFile }
  | { readonly kind: 'nothing' }
  /** Everything that is not the edge's own. */
  | { readonly kind: 'site' }

const slugPattern = /^[a-z0-9](?:[a-z0-9-]{0,198}[a-z0-9])?$/
const nothing: Route = { kind: 'nothing' }

/**
 * The route of a request target, matched as it was sent: an address of ours has one spelling, without escapes, dots or
 * empty parts, so that no trick with them leads anywhere.
 */
export function routeOf(target: string): Route {
  const path = target.split(/[?#]/, 1)[0] ?? ''
  if (path === '/health') return { kind: 'health' }
  if (path.startsWith('/live/')) return liveRoute(path.slice('/live/'.length))
  if (path.startsWith('/media/')) return mediaRoute(path.slice('/media/'.length))
  return path.startsWith('/') ? { kind: 'site' } : nothing
}

function liveRoute(rest: string): Route {
  const [slug = '', file = '', ...more] = rest.split('/')
  if (more.length > 0 || !slugPattern.test(slug)) return nothing
  if (file === 'events') return { kind: 'events', slug }
  const name = playlistName(file)
  return name ? { kind: 'live-playlist', slug, name } : nothing
}

function mediaRoute(rest: string): Route {
  const media = parseMediaKey(rest)
  if (media) return { kind: 'media', file: media }
  const part = parsePartKey(rest)
  if (part) return { kind: 'part', part }
  const [recording = '', file = '', ...more] = rest.split('/')
  if (more.length > 0 || !isId<'recording'>(recording)) return nothing
  const name = playlistName(file)
  return name ? { kind: 'replay-playlist', recording, name } : nothing
}

function playlistName(file: string): PlaylistName | null {
  if (file === 'index.m3u8') return 'multivariant'
  const name = file.endsWith('.m3u8') ? file.slice(0, -'.m3u8'.length) : ''
  return isRenditionName(name) ? name : null
}
