import type { MediaPlaylist, MediaSegment, MultivariantPlaylist } from '#archive/hls/playlist.ts'
import { parsePlaylist } from '#archive/hls/playlist-parser.ts'
import { startProgram } from '../../transcode/ffmpeg/program.ts'

/** The stretch of a rendition between two discontinuities. */
export interface Stretch {
  readonly map: string
  readonly segments: readonly MediaSegment[]
  readonly durationS: number
}

async function readPlaylist(url: string): Promise<MediaPlaylist | MultivariantPlaylist> {
  const response = await fetch(url)
  if (response.status !== 200) throw new Error(`${url} answers ${response.status}`)
  const parsed = parsePlaylist(await response.text())
  if (!parsed.ok) throw new Error(`${url}: ${parsed.message}`)
  return parsed.value
}

/** Address of a rendition's own playlist, beside the multivariant one. */
export function renditionUrl(multivariant: string, rendition: string): string {
  return new URL(`${rendition}.m3u8`, multivariant).href
}

export async function readMultivariant(url: string): Promise<MultivariantPlaylist> {
  const playlist = await readPlaylist(url)
  if (playlist.kind !== 'multivariant') throw new Error(`${url} is not a multivariant playlist`)
  return playlist
}

export async function readMedia(url: string): Promise<MediaPlaylist> {
  const playlist = await readPlaylist(url)
  if (playlist.kind !== 'media') throw new Error(`${url} is not a media playlist`)
  return playlist
}

/** The segments by init section, in order; gaps count for nothing. */
export function stretchesOf(playlist: MediaPlaylist): Stretch[] {
  const byMap = Map.groupBy(
    playlist.segments.filter(({ gap }) => !gap),
    ({ map }) => map?.uri ?? '',
  )
  return [...byMap].map(([map, segments]) => ({
    map,
    segments,
    durationS: segments.reduce((sum, { durationS }) => sum + durationS, 0),
  }))
}

export interface Decoded {
  readonly frames: number
  /** What the decoder complained about; empty when nothing was wrong. */
  readonly complaints: string
}

/** Fetches a stretch and decodes every frame of it. */
export async function decodeStretch(playlistUrl: string, { map, segments }: Stretch): Promise<Decoded> {
  const files = await Promise.all([map, ...segments.map(({ uri }) => uri)].map((uri) => bytesOf(uri, playlistUrl)))
  const probe = startProgram({
    program: 'ffprobe',
    args: ['-v', 'error', '-count_frames', '-show_entries', 'stream=nb_read_frames', '-of', 'csv=p=0', 'pipe:0'],
    stdin: true,
    stdout: true,
  })
  let out = ''
  probe.stdout?.on('data', (text) => (out += String(text)))
  probe.stdin?.end(Buffer.concat(files))
  const { tail } = await probe.ended
  return { frames: Number(out.trim()), complaints: tail }
}

async function bytesOf(uri: string, base: string): Promise<Buffer> {
  const response = await fetch(new URL(uri, base))
  if (response.status !== 200) throw new Error(`${uri} answers ${response.status}`)
  return Buffer.from(await response.arrayBuffer())
}
