import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { startProgram } from '../../../transcode/ffmpeg/program.ts'
import { mediaChecks } from '../../conformance/checks/media.ts'
import { decoded } from '../../conformance/decoding.ts'
import { readPlaylist } from '../../conformance/playlist-reading.ts'
import type { Exchange, FileSeen, Session } from '../../conformance/session.ts'

const rendition = 'http://origin.test/source.m3u8'
const said = `#EXTM3U
#EXT-X-VERSION:9
#EXT-X-TARGETDURATION:2
#EXT-X-PART-INF:PART-TARGET=1
#EXT-X-MAP:URI="init.mp4"
#EXT-X-PART:DURATION=1,URI="0.0.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=1,URI="0.1.m4s"
#EXTINF:2,
0.m4s
`

async function movie(): Promise<Buffer> {
  const program = startProgram({
    program: 'ffmpeg',
    args: [
      ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=25', '-t', '2', '-c:v', 'libx264', '-g', '25'],
      ...['-bf', '0', '-movflags', '+empty_moov+default_base_moof+frag_keyframe', '-f', 'mp4', 'pipe:1'],
    ],
    stdout: true,
  })
  const chunks: Buffer[] = []
  program.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
  await program.ended
  return Buffer.concat(chunks)
}

/** The movie before its first fragment and each fragment, as files of a session. */
async function session(spoil: (part: Buffer) => Buffer): Promise<Session> {
  const bytes = await movie()
  const starts = [...bytes.toString('latin1').matchAll(/moof/g)].map(({ index }) => index - 4)
  const [first = 0, second = 0] = starts
  const end = starts[2] ?? bytes.indexOf('mfra', second) - 4
  const files = [
    file('init', 'init.mp4', bytes.subarray(0, first)),
    file('part', '0.0.m4s', bytes.subarray(first, second)),
    file('part', '0.1.m4s', spoil(Buffer.from(bytes.subarray(second, end)))),
  ]
  const asked = { rendition, purpose: 'follow', directives: { msn: null, part: null, skip: false } } as const
  const playlists = [readPlaylist(asked, exchange(rendition, Buffer.from(said)))]
  return { multivariant: null, renditions: [rendition], playlists, files, decodings: [] }
}

function exchange(url: string, body: Uint8Array): Exchange {
  return { url, status: 200, headers: {}, body, sentAtMs: 0, headAtMs: 1, endAtMs: 2 }
}

function file(kind: FileSeen['kind'], uri: string, body: Uint8Array): FileSeen {
  const url = new URL(uri, rendition).href
  const digest = createHash('sha256').update(body).digest('hex')
  return { rendition, kind, occasion: 'listed', position: null, url, exchange: exchange(url, body), digest }
}

const violations = (of: Session, id: string) => mediaChecks.find((check) => check.id === id)?.judge(of).violations

test('ffmpeg decodes parts that are whole', async () => {
  const judged = await decoded(await session((part) => part))
  expect(judged.decodings).toEqual([{ rendition, init: 'http://origin.test/init.mp4', parts: 2, complaints: [] }])
  expect(violations(judged, 'decodable-parts')).toEqual([])
})

test('ffmpeg complains of a part whose picture is damaged', async () => {
  const judged = await decoded(await session((part) => part.fill(0xa5, part.indexOf('mdat') + 12)))
  expect(violations(judged, 'decodable-parts')?.[0]).toMatch(/^source\.m3u8: /)
})

test('a part that cannot be read as a fragment has no media', async () => {
  const judged = await session((part) => part.fill(0, 0, 16))
  expect(violations(judged, 'part-durations-true')).toEqual(['source.m3u8: 0.1.m4s lasts 0.0000 s, its tag says 1 s'])
})
