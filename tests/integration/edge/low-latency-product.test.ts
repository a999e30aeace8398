import { afterEach, expect, test } from 'vitest'
import type { MediaPlaylist } from '#archive/hls/playlist.ts'
import { parsePlaylist } from '#archive/hls/playlist-parser.ts'
import { done } from '#tests/support/product.ts'
import { planSitting, untilState } from '#tests/support/sitting.ts'
import { Stage } from '#tests/support/stage.ts'
import { until } from '#tests/support/until.ts'
import { startProgram } from '../../../transcode/ffmpeg/program.ts'

const stage = new Stage()
afterEach(() => stage.clear())

/** The whole product with an encoder, live and playable; gives the address of its playlists. */
async function broadcast(): Promise<string> {
  const product = await stage.product()
  const { slug, key } = await planSitting(product)
  stage.encoder(product, key)
  await untilState(product, slug, 'waiting', 30_000)
  done(await (await product.operations()).command(slug, 'start'))
  const base = `${product.site}/live/${slug}`
  await until('it can be played', async () => (await fetch(`${base}/index.m3u8`)).status === 200, 60_000)
  return base
}

async function playlistAt(url: string): Promise<MediaPlaylist> {
  const parsed = parsePlaylist(await (await fetch(url)).text())
  if (!parsed.ok || parsed.value.kind !== 'media') throw new Error(`${url} is no media playlist`)
  return parsed.value
}

const bytesAt = async (url: string) => Buffer.from(await (await fetch(url)).arrayBuffer())

test('the parts of a segment, fetched while they are hinted, are its bytes', async () => {
  const base = await broadcast()
  const source = `${base}/source.m3u8`
  const site = new URL(base).origin
  const begun = (await playlistAt(source)).segments.length
  let playlist = await playlistAt(`${source}?_HLS_msn=${begun}`)
  const msn = playlist.segments.length
  const fetched = new Map<string, Buffer>()
  while (playlist.segments.length === msn) {
    const uris = [...playlist.openParts, ...playlist.preloadHints].map(({ uri }) => uri)
    for (const uri of uris) if (!fetched.has(uri)) fetched.set(uri, await bytesAt(`${site}${uri}`))
    playlist = await playlistAt(`${source}?_HLS_msn=${msn}&_HLS_part=${playlist.openParts.length}`)
  }
  const { parts = [], uri = '' } = playlist.segments[msn] ?? {}
  expect(parts.length).toBeGreaterThan(1)
  expect(parts.filter((part) => !fetched.has(part.uri))).toEqual([])
  const joined = Buffer.concat(parts.map((part) => fetched.get(part.uri) ?? Buffer.alloc(0)))
  expect(joined.equals(await bytesAt(`${site}${uri}`))).toBe(true)
})

test('a player without low latency plays the same playlists as plain HLS', async () => {
  const base = await broadcast()
  const program = startProgram({
    program: 'ffmpeg',
    args: [
      ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-i', `${base}/index.m3u8`, '-t', '12'],
      ...['-map', '0:v:0', '-map', '0:a:0', '-f', 'framecrc', '-'],
    ],
    stdout: true,
  })
  const chunks: Buffer[] = []
  program.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
  const { code, tail } = await program.ended
  const lines = Buffer.concat(chunks).toString().split('\n')
  const frames = (stream: number) => lines.filter((line) => line.startsWith(`${stream},`)).length
  expect([code, tail]).toEqual([0, ''])
  expect(frames(0)).toBe(12 * 25)
  expect(frames(1)).toBeGreaterThanOrEqual((12 * 48_000) / 1024 - 2)
})
