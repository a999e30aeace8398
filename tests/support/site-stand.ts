import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { readConfig } from '#archive/core/config.ts'
import { openRecord } from '../../site/src/server/catalogue.ts'
import { createSiteServer, type PageHandler } from '../../site/src/server/site-server.ts'
import { type SeededTown, seedTown } from './site-seed.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '..', '..')
const programs = join(root, 'node_modules', '.bin')

/** Length of the generated picture and sound, in segments of four seconds. */
export const segmentSeconds = 4
export const segmentCount = 15

/** The built site on a TCP port, with stand-ins for what the edge answers: playlists, media and event streams. */
export interface SiteStand {
  readonly origin: string
  readonly town: SeededTown
  /** Segments that live playlists hold; null answers 404. */
  setLiveSegments(count: number | null): void
  /** Tells every page that follows the meeting. */
  tell(slug: string, news: object): void
  /** Cuts every event stream. */
  cutStreams(): void
  close(): Promise<void>
}

export async function buildSite(): Promise<void> {
  const env = { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', ASTRO_DISABLE_UPDATE_CHECK: 'true' }
  await run(join(programs, 'astro'), ['build', '--root', 'site'], {
    cwd: root,
    env: { ...env, PATH: `${programs}:${process.env.PATH}` },
  })
}

export async function startSiteStand(seed: (town: SeededTown) => Promise<void>): Promise<SiteStand> {
  const dataDir = mkdtempSync(join(tmpdir(), 'hemicycle-site-'))
  await makeMedia(dataDir)
  const config = readConfig({ HEMICYCLE_DATA: dataDir, HEMICYCLE_TOWN_NAME: 'Zonnebeke' })
  const town = await seedTown({ catalog: config.catalogFile, search: config.searchFile, dataDir })
  await seed(town)
  const open = await openRecord(config)
  const dist = join(root, 'site', 'dist')
  const { handler } = (await import(pathToFileURL(join(dist, 'server', 'entry.mjs')).href)) as { handler: PageHandler }
  const site = createSiteServer({
    clientDir: join(dist, 'client'),
    handler,
    record: open.record,
    town: { name: config.townName, language: config.language, publicUrl: null },
    onError: (error) => console.error(error),
  })
  const edge = edgeStandIn(dataDir)
  const server = createServer((request, response) => {
    if (!edge.answer(request, response)) site.emit('request', request, response)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    town,
    setLiveSegments: edge.setLiveSegments,
    tell: edge.tell,
    cutStreams: edge.cutStreams,
    async close() {
      edge.cutStreams()
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
      await open.close()
      await town.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

function edgeStandIn(folder: string) {
  const streams = new Map<ServerResponse, string>()
  let live: number | null = segmentCount
  return {
    setLiveSegments: (count: number | null) => {
      live = count
    },
    tell: (slug: string, news: object) => {
      for (const [stream, follows] of streams) if (follows === slug) stream.write(`data: ${JSON.stringify(news)}\n\n`)
    },
    cutStreams: () => {
      for (const stream of streams.keys()) stream.destroy()
      streams.clear()
    },
    /** Whether the request was one for the edge. */
    answer: (request: IncomingMessage, response: ServerResponse): boolean => {
      const [, kind, name = '', file = ''] = new URL(request.url ?? '/', 'http://site').pathname.split('/')
      if (kind !== 'live' && kind !== 'media') return false
      if (file === 'events') follow(response, decodeURIComponent(name))
      else sendMedia(response, join(folder, file), kind === 'live' ? live : segmentCount)
      return true
    },
  }

  function follow(response: ServerResponse, slug: string): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    response.write(': here\n\n')
    streams.set(response, slug)
    response.once('close', () => streams.delete(response))
  }
}

function sendMedia(response: ServerResponse, file: string, segments: number | null): void {
  if (segments === null || !existsSync(file)) {
    response.writeHead(404).end()
    return
  }
  const isPlaylist = file.endsWith('.m3u8')
  response.writeHead(200, { 'content-type': isPlaylist ? 'application/vnd.apple.mpegurl' : 'video/mp4' })
  response.end(isPlaylist && segments < segmentCount ? firstSegments(file, segments) : readFileSync(file))
}

/** The playlist as it was while it grew: its first segments and no end. */
function firstSegments(file: string, count: number): string {
  const text = readFileSync(file, 'utf8').replace('#EXT-X-ENDLIST\n', '').replace('#EXT-X-PLAYLIST-TYPE:VOD\n', '')
  const blocks = text.split('#EXTINF')
  return blocks.slice(0, count + 1).join('#EXTINF')
}

async function makeMedia(folder: string): Promise<void> {
  const seconds = segmentCount * segmentSeconds
  await run('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', `testsrc2=size=320x180:rate=12:duration=${seconds}`],
    ...['-f', 'lavfi', '-i', `sine=frequency=330:duration=${seconds}`],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '48', '-c:a', 'aac', '-b:a', '48k'],
    ...['-f', 'hls', '-hls_time', String(segmentSeconds), '-hls_playlist_type', 'vod', '-hls_segment_type', 'fmp4'],
    ...['-hls_fmp4_init_filename', 'init.mp4', '-hls_segment_filename', join(folder, '%d.m4s')],
    ...['-master_pl_name', 'index.m3u8', join(folder, 'source.m3u8')],
  ])
}
