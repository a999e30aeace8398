import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { goodKey, type HarnessOptions, type IngestHarness, startIngest } from '#tests/support/ingest-harness.ts'
import { aacConfigTag, aacTag, avcConfigTag, avcTag, commandMessage, message } from '#tests/support/rtmp-bytes.ts'
import { RtmpClient } from '#tests/support/rtmp-client.ts'
import { until } from '#tests/support/until.ts'

let ingest: IngestHarness
const open: { destroy(): void }[] = []

afterEach(async () => {
  for (const connection of open.splice(0)) connection.destroy()
  await ingest.server.close()
})

async function start(settings: HarnessOptions['settings'] = {}): Promise<void> {
  ingest = await startIngest({ settings })
}

async function dial() {
  const socket = await RtmpClient.dial(ingest.port)
  socket.on('error', () => {})
  open.push(socket)
  return socket
}

async function publish(key = goodKey) {
  const attempt = await RtmpClient.publish(ingest.port, key)
  open.push(attempt.client)
  return attempt
}

const codes = () => ingest.logged.map((line) => (JSON.parse(line) as { code?: string }).code)

describe('deadlines', () => {
  it('end a connection that never says a word', async () => {
    await start({ HEMICYCLE_RTMP_HANDSHAKE_MS: 200 })
    await once(await dial(), 'close')
    expect(codes()).toEqual(['INGEST_HANDSHAKE_TIMEOUT'])
  })

  it('end a connection that shakes hands and names no key', async () => {
    await start({ HEMICYCLE_RTMP_HANDSHAKE_MS: 300 })
    const client = await RtmpClient.open(ingest.port)
    open.push(client)
    await client.closed
    expect(codes()).toEqual(['INGEST_HANDSHAKE_TIMEOUT'])
  })

  it('end an encoder that sends nothing after its key', async () => {
    await start({ HEMICYCLE_RTMP_FIRST_MEDIA_MS: 300 })
    const { client } = await publish()
    await client.closed
    expect(ingest.last().end).toBe('INGEST_NO_MEDIA')
  })

  it('end an encoder that sends sound and no picture', async () => {
    await start({ HEMICYCLE_RTMP_FIRST_MEDIA_MS: 300 })
    const { client } = await publish()
    client.audio(0, aacConfigTag())
    client.audio(0, aacTag(Buffer.of(1)))
    await client.closed
    expect(ingest.last().end).toBe('INGEST_VIDEO_MISSING')
  })

  it('end an encoder whose media stops, though its line stands', async () => {
    await start({ HEMICYCLE_RTMP_IDLE_MS: 1_000 })
    const { client } = await publish()
    client.video(0, avcConfigTag())
    client.video(0, avcTag(Buffer.of(1), { keyframe: true }))
    await client.closed
    expect(ingest.last().end).toBe('INGEST_IDLE')
    expect(client.replies.at(-1)?.description).toMatch(/^INGEST_IDLE: /)
  })
})

describe('caps', () => {
  it('let the oldest unverified connection of an address make room, so that the key still gets in', async () => {
    await start({ HEMICYCLE_RTMP_MAX_PER_ADDRESS: 3 })
    const idle = [await dial(), await dial(), await dial()]
    await until('three connections', () => ingest.server.connections() === 3)
    const evicted = once(idle[0] as (typeof idle)[number], 'close')
    const { reply } = await publish()
    await evicted
    expect(reply?.code).toBe('NetStream.Publish.Start')
    expect(codes()).toContain('INGEST_CONNECTIONS_FULL')
    expect(idle.slice(1).map((socket) => socket.destroyed)).toEqual([false, false])
  })

  it('turn a newcomer away only when every connection has shown a key', async () => {
    await start({ HEMICYCLE_RTMP_MAX_CONNECTIONS: 1 })
    await publish()
    await once(await dial(), 'close')
    expect(codes()).toEqual(['INGEST_CONNECTIONS_FULL'])
    expect(ingest.server.sessions()).toHaveLength(1)
  })

  it('count failures of an address and lock out no correct key', async () => {
    await start({ HEMICYCLE_RTMP_FAILURES_PER_MINUTE: 2 })
    const replies: (string | null)[] = []
    for (let attempt = 0; attempt < 5; attempt++) {
      const { client, reply } = await publish(`wrong-${attempt}`)
      await client.closed
      replies.push(reply?.code ?? null)
    }
    expect(replies).toEqual([
      'NetStream.Publish.BadName',
      'NetStream.Publish.BadName',
      'NetStream.Publish.BadName',
      null,
      null,
    ])
    expect(codes()).toEqual(['INGEST_KEY_UNKNOWN', 'INGEST_KEY_UNKNOWN', 'INGEST_TOO_MANY_FAILURES'])
    expect((await publish()).reply?.code).toBe('NetStream.Publish.Start')
  })

  it('end a connection that sends too much before its key', async () => {
    await start({ HEMICYCLE_RTMP_UNVERIFIED_BYTES: 8_192 })
    const client = await RtmpClient.open(ingest.port)
    open.push(client)
    for (let n = 0; n < 100; n++) client.write(commandMessage(['createStream', n, null]))
    client.write(Buffer.concat(Array.from({ length: 300 }, () => commandMessage(['createStream', 1, null]))))
    await client.closed
    expect(codes()).toEqual(['INGEST_BYTES_BEFORE_KEY'])
  })

  it('end an encoder whose bitrate over five seconds is too high', async () => {
    await start({ HEMICYCLE_RTMP_MAX_BITRATE: 100_000 })
    const { client } = await publish()
    client.video(0, avcConfigTag())
    client.video(0, avcTag(Buffer.alloc(70_000), { keyframe: true }))
    await client.closed
    expect(ingest.last().end).toBe('INGEST_BITRATE')
  })

  it('bound what half-received messages may hold, before the key and after it', async () => {
    await start()
    const claim = (length: number, chunkStream: number) => {
      const head = message(20, Buffer.alloc(128), { chunkStream })
      head.writeUIntBE(length, 4, 3)
      return head
    }
    const unverified = await RtmpClient.open(ingest.port)
    open.push(unverified)
    for (const stream of [3, 4, 5]) unverified.write(claim(60_000, stream))
    await unverified.closed
    const { client } = await publish()
    for (let stream = 8; stream < 8 + 40; stream++) client.write(message(20, Buffer.alloc(0), { chunkStream: stream }))
    await client.closed
    expect(codes()).toEqual(['INGEST_PROTOCOL', 'INGEST_PROTOCOL'])
  })

  it('hang up on what is not RTMP at its first byte', async () => {
    await start()
    const socket = await dial()
    socket.write('GET / HTTP/1.1\r\n\r\n')
    await once(socket, 'close')
    expect(codes()).toEqual(['INGEST_PROTOCOL'])
  })
})
