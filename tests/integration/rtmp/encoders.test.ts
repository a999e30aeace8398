import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import type { FeedPacket } from '#archive/hls/feed.ts'
import { goodKey, type IngestHarness, startIngest } from '#tests/support/ingest-harness.ts'
import { RtmpClient } from '#tests/support/rtmp-client.ts'
import { until } from '#tests/support/until.ts'
import { FeedWatch } from '../../../ingest/feed/feed-watch.ts'

let ingest: IngestHarness
let encoder: ChildProcess | null = null
let folder: string | null = null

afterEach(async () => {
  if (encoder && encoder.exitCode === null && encoder.signalCode === null) {
    encoder.kill('SIGKILL')
    await once(encoder, 'close')
  }
  encoder = null
  await ingest.server.close()
  if (folder) await rm(folder, { recursive: true })
  folder = null
})

/** Two seconds of picture with B-frames and a tone, as fast as it is encoded. */
const source = [
  ...['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25:duration=2'],
  ...['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000:duration=2'],
]
const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-g', '25', '-pix_fmt', 'yuv420p']
const output = ['-c:a', 'aac', '-ac', '2', '-flvflags', 'no_duration_filesize', '-f', 'flv']

async function encode(url: string, video: readonly string[] = h264): Promise<{ code: number; said: string }> {
  encoder = spawn('ffmpeg', ['-v', 'error', '-nostdin', ...source, ...video, ...output, url])
  let said = ''
  encoder.stderr?.on('data', (bytes) => {
    said += String(bytes)
  })
  const [code] = (await once(encoder, 'close')) as [number]
  return { code, said }
}

async function selfSigned(): Promise<{ cert: string; key: string }> {
  folder = await mkdtemp(join(tmpdir(), 'hemicycle-rtmps-'))
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', '/CN=localhost', '-keyout', keyFile, '-out', certFile],
  ])
  return { cert: await readFile(certFile, 'utf8'), key: await readFile(keyFile, 'utf8') }
}

const ofKind = <K extends FeedPacket['kind']>(packets: readonly FeedPacket[], kind: K) =>
  packets.filter((packet): packet is Extract<FeedPacket, { kind: K }> => packet.kind === kind)

describe('ffmpeg as an encoder', () => {
  it('publishes H.264 with B-frames and AAC: every frame arrives, on its grid, with its facts', async () => {
    ingest = await startIngest()
    expect(await encode(`rtmp://127.0.0.1:${ingest.port}/live/${goodKey}`)).toEqual({ code: 0, said: '' })
    const { packets, session } = ingest.last()
    await until('the end', () => ingest.last().end === null)
    const frames = ofKind(packets, 'video')
    expect(frames).toHaveLength(50)
    expect(frames.filter(({ keyframe }) => keyframe).map(({ ptsMs }) => ptsMs)).toEqual([80, 1_080])
    expect(frames.map(({ dtsMs }) => dtsMs)).toEqual(Array.from({ length: 50 }, (_, n) => n * 40))
    expect(frames.map(({ ptsMs }) => ptsMs).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_, n) => 80 + n * 40),
    )
    expect(ofKind(packets, 'audio').length).toBeGreaterThanOrEqual(94)
    const watch = new FeedWatch(session)
    for (const packet of packets) watch.observe(packet)
    expect(watch.facts()).toMatchObject({
      videoCodec: expect.stringMatching(/^avc1\.[0-9a-f]{6}$/),
      audioCodec: 'mp4a.40.2',
      audioChannels: 2,
      width: 320,
      height: 180,
      framesPerSecond: 25,
      keyframeIntervalMs: 1_000,
      encoder: expect.stringMatching(/^Lavf/),
    })
  })

  it('is told why when its key is wrong', async () => {
    ingest = await startIngest()
    const { code, said } = await encode(`rtmp://127.0.0.1:${ingest.port}/live/wrong-key`)
    expect(code).not.toBe(0)
    expect(said).toContain('INGEST_KEY_UNKNOWN')
  })

  it('is told why when its application is wrong', async () => {
    ingest = await startIngest()
    const { code, said } = await encode(`rtmp://127.0.0.1:${ingest.port}/stream/${goodKey}`)
    expect(code).not.toBe(0)
    expect(said).toContain('INGEST_APP_UNKNOWN')
  })

  it('is refused when its picture is not H.264', async () => {
    ingest = await startIngest()
    const { code } = await encode(`rtmp://127.0.0.1:${ingest.port}/live/${goodKey}`, ['-c:v', 'flv1'])
    expect(code).not.toBe(0)
    expect(ingest.last().end).toBe('INGEST_VIDEO_CODEC')
    expect(ofKind(ingest.last().packets, 'video')).toEqual([])
  })
})

describe('RTMPS', () => {
  it('takes a publish over TLS with a certificate of our own making', async () => {
    ingest = await startIngest({ tls: await selfSigned() })
    expect(await encode(`rtmps://127.0.0.1:${ingest.port}/live/${goodKey}`)).toEqual({ code: 0, said: '' })
    await until('the end', () => ingest.last().end === null)
    expect(ingest.last().session.secure).toBe(true)
    expect(ofKind(ingest.last().packets, 'video')).toHaveLength(50)
  })

  it('survives peers that do not speak TLS and goes on', async () => {
    ingest = await startIngest({ tls: await selfSigned() })
    for (const bytes of [Buffer.of(3), Buffer.from('GET / HTTP/1.0\r\n\r\n'), Buffer.from('160301ffff', 'hex')]) {
      const socket = await RtmpClient.dial(ingest.port)
      socket.on('error', () => {}).resume()
      socket.end(Buffer.concat([bytes, Buffer.alloc(2_000, 0xaa)]))
      await once(socket, 'close')
    }
    await until('all of them gone', () => ingest.server.connections() === 0)
    const { client, reply } = await RtmpClient.publish(ingest.port, goodKey, { tls: true })
    client.destroy()
    expect(reply?.code).toBe('NetStream.Publish.Start')
  })
})
