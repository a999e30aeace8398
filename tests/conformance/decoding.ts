import { startProgram } from '../../transcode/ffmpeg/program.ts'
import type { Decoding, FileSeen, Session } from './session.ts'

/** Joined parts beyond this are enough to judge. */
const mostParts = 100

/** The session with what ffmpeg says of its parts: each init section followed by the parts of its span, from an independent one on. */
export async function decoded(session: Session): Promise<Session> {
  const decodings: Decoding[] = []
  for (const run of runsOf(session)) {
    const complaints = await decode(Buffer.concat([run.init.exchange.body, ...run.parts.map((p) => p.exchange.body)]))
    decodings.push({ rendition: run.init.rendition, init: run.init.url, parts: run.parts.length, complaints })
  }
  return { ...session, decodings }
}

interface Run {
  readonly init: FileSeen
  readonly parts: readonly FileSeen[]
}

function runsOf({ playlists, files }: Session): Run[] {
  const file = new Map(files.filter(({ exchange }) => exchange.status === 200).map((seen) => [seen.url, seen]))
  const runs = new Map<string, Map<string, boolean>>()
  for (const { playlist, rendition } of playlists) {
    for (const segment of playlist?.segments ?? []) {
      if (!segment.map) continue
      const init = new URL(segment.map.uri, rendition).href
      const parts = runs.get(init) ?? new Map<string, boolean>()
      runs.set(init, parts)
      // Of a plain stream its segments are decoded.
      const pieces = playlist?.partTargetS === null ? [{ uri: segment.uri, independent: true }] : segment.parts
      for (const { uri, independent } of pieces) parts.set(new URL(uri, rendition).href, independent)
    }
  }
  return [...runs].flatMap(([url, listed]) => {
    const init = file.get(url)
    const order = [...listed.keys()]
    const first = order.findIndex((part) => listed.get(part) && file.has(part))
    const parts = order.slice(Math.max(first, 0), Math.max(first, 0) + mostParts).map((part) => file.get(part))
    const gap = parts.indexOf(undefined)
    const consecutive = (gap < 0 ? parts : parts.slice(0, gap)).filter((part) => part !== undefined)
    return init && first >= 0 && consecutive.length > 0 ? [{ init, parts: consecutive }] : []
  })
}

async function decode(bytes: Uint8Array): Promise<string[]> {
  const program = startProgram({
    program: 'ffmpeg',
    args: ['-hide_banner', '-v', 'error', '-i', 'pipe:0', '-map', '0', '-f', 'null', '-'],
    stdin: true,
    stallMs: 60_000,
  })
  program.stdin?.end(bytes)
  const { code, tail } = await program.ended
  const said = tail.split('\n').filter((line) => line.trim() !== '')
  return code === 0 || said.length > 0 ? said : [`ffmpeg ended with ${code}`]
}
