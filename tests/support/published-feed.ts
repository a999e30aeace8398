import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { startProgram } from '../../transcode/ffmpeg/program.ts'

/** What a feed shows and sounds like: sources of lavfi. */
export interface FeedSources {
  readonly picture: string | null
  readonly sound: string | null
  readonly seconds: number
  readonly channels?: 1 | 2
  /** Delays the sound against the picture. */
  readonly soundLateS?: number
}

export interface PublishedFeed {
  /** Of the multivariant playlist. */
  readonly address: string
  /** Segments that the playlists list at this moment. */
  listed: number
  /** Where listing stops for the time being. */
  upTo: number
  readonly segments: number
  /** What every request is answered with instead, or null. */
  failure: number | null
  /** Requests so far. */
  requests: number
  close(): void
}

/** WallTime of the first sample. */
export const feedStartMs = Date.UTC(2026, 10, 23, 18, 30)
const segmentSeconds = 4

/**
 * A stream as an edge publishes it, of segments that ffmpeg made: every look at a media playlist lists one segment more
 * than the last, so that hours pass as fast as somebody looks. It ends with the test.
 */
export async function publishFeed(sources: FeedSources): Promise<PublishedFeed> {
  const folder = mkdtempSync(join(tmpdir(), 'hemicycle-feed-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  // As root the encoder runs as nobody.
  chmodSync(folder, 0o777)
  await encode(folder, sources)
  const kinds = (['video', 'audio'] as const).filter((kind) => (kind === 'video' ? sources.picture : sources.sound))
  const count = (kind: string) => readdirSync(folder).filter((name) => name.startsWith(`${kind}-`)).length
  const segments = Math.min(...kinds.map(count))
  const server = createServer((request, response) => answer(request.url ?? '', response))
  const answer = (target: string, response: ServerResponse) => {
    const name = target.slice(1).split('?')[0] ?? ''
    feed.requests += 1
    if (feed.failure !== null) return void response.writeHead(feed.failure).end()
    if (name === 'index.m3u8') return void response.end(multivariant(kinds))
    const kind = kinds.find((of) => name === `${of}.m3u8`)
    if (!kind) return void response.end(readFileSync(join(folder, name)))
    if (kind === kinds[0] && feed.listed < feed.upTo) feed.listed += 1
    response.end(media(kind, feed.listed))
  }
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  onTestFinished(close)
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/index.m3u8`
  const feed: PublishedFeed = { address, listed: 0, upTo: segments, segments, failure: null, requests: 0, close }
  return feed
}

function multivariant(kinds: readonly string[]): string {
  const lines = ['#EXTM3U', '#EXT-X-VERSION:7']
  const isBoth = kinds.length === 2
  if (isBoth) lines.push('#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="a",URI="audio.m3u8"')
  const audio = isBoth ? ',AUDIO="a"' : ''
  if (kinds.includes('video')) {
    lines.push(`#EXT-X-STREAM-INF:BANDWIDTH=900000,RESOLUTION=1280x720${audio}`, 'none.m3u8')
    lines.push(`#EXT-X-STREAM-INF:BANDWIDTH=300000,RESOLUTION=640x360${audio}`, 'video.m3u8')
  } else lines.push('#EXT-X-STREAM-INF:BANDWIDTH=64000', 'audio.m3u8')
  return `${lines.join('\n')}\n`
}

function media(kind: string, listed: number): string {
  const lines = [
    ...['#EXTM3U', '#EXT-X-VERSION:7', `#EXT-X-TARGETDURATION:${segmentSeconds}`, '#EXT-X-MEDIA-SEQUENCE:0'],
    ...[`#EXT-X-MAP:URI="${kind}.init.mp4"`, `#EXT-X-PROGRAM-DATE-TIME:${new Date(feedStartMs).toISOString()}`],
    ...Array.from({ length: listed }, (_, n) => [`#EXTINF:${segmentSeconds}.0,`, `${kind}-${n}.m4s`]).flat(),
  ]
  return `${lines.join('\n')}\n`
}

async function encode(folder: string, sources: FeedSources): Promise<void> {
  const { picture, sound, seconds, channels = 2, soundLateS = 0 } = sources
  const limit = ['-t', String(seconds)]
  const hls = (kind: string) => [
    ...['-f', 'hls', '-hls_time', String(segmentSeconds), '-hls_list_size', '0', '-hls_playlist_type', 'vod'],
    ...['-hls_segment_type', 'fmp4', '-hls_fmp4_init_filename', `${kind}.init.mp4`],
    ...['-hls_segment_filename', join(folder, `${kind}-%d.m4s`), join(folder, `${kind}.list`)],
  ]
  const program = startProgram({
    program: 'ffmpeg',
    args: [
      ...['-hide_banner', '-loglevel', 'error', '-nostdin', '-y'],
      ...(picture ? ['-f', 'lavfi', '-i', picture] : []),
      ...(sound ? ['-itsoffset', String(soundLateS), '-f', 'lavfi', '-i', sound] : []),
      ...(picture
        ? [
            '-map',
            '0:v',
            ...limit,
            '-c:v',
            'libx264',
            '-preset',
            'veryfast',
            '-bf',
            '0',
            '-pix_fmt',
            'yuv420p',
            '-b:v',
            '300k',
          ]
        : []),
      ...(picture ? ['-force_key_frames', 'expr:gte(t,n_forced*2)', '-sc_threshold', '0', ...hls('video')] : []),
      ...(sound ? ['-map', `${picture ? 1 : 0}:a`, ...limit, '-c:a', 'aac', '-b:a', '96k', '-ar', '48000'] : []),
      ...(sound ? ['-ac', String(channels), '-copyts', ...hls('audio')] : []),
    ],
  })
  const end = await program.ended
  if (end.code !== 0) throw new Error(`the feed could not be made: ${end.tail}`)
}
