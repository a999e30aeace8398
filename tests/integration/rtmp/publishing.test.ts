import { afterEach, describe, expect, it } from 'vitest'
import { goodKey, type IngestHarness, otherKey, startIngest } from '#tests/support/ingest-harness.ts'
import { aacConfig, aacConfigTag, aacTag, avcConfig, avcConfigTag, avcTag } from '#tests/support/rtmp-bytes.ts'
import { RtmpClient } from '#tests/support/rtmp-client.ts'
import { until } from '#tests/support/until.ts'

let ingest: IngestHarness
const clients: RtmpClient[] = []

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy()
  await ingest.server.close()
})

async function publish(key = goodKey, app = 'live') {
  const attempt = await RtmpClient.publish(ingest.port, key, { app })
  clients.push(attempt.client)
  return attempt
}

describe('a correct key', () => {
  it('is let in, and its packets arrive with their bytes, times and configuration', async () => {
    ingest = await startIngest()
    const { client, reply } = await publish()
    expect(reply?.code).toBe('NetStream.Publish.Start')
    const large = Buffer.alloc(20_000, 0x5a)
    client.metadata({ encoder: 'Test encoder 1', width: 1280, height: 720, framerate: 25 })
    client.video(0, avcConfigTag())
    client.audio(0, aacConfigTag())
    client.video(1_000, avcTag(large, { keyframe: true, compositionMs: 80 }))
    client.audio(1_010, aacTag(Buffer.of(1, 2, 3)))
    client.video(1_040, avcTag(Buffer.of(9, 9), { compositionMs: -40 }))
    const { packets, session } = ingest.last()
    await until('five packets', () => packets.length === 5)
    expect(packets.map(({ arrivedAtMs, ...packet }) => packet)).toEqual([
      { kind: 'video-config', codec: 'h264', data: new Uint8Array(avcConfig) },
      { kind: 'audio-config', codec: 'aac', data: new Uint8Array(aacConfig) },
      { kind: 'video', dtsMs: 1_000, ptsMs: 1_080, keyframe: true, data: new Uint8Array(large) },
      { kind: 'audio', ptsMs: 1_010, data: Uint8Array.of(1, 2, 3) },
      { kind: 'video', dtsMs: 1_040, ptsMs: 1_000, keyframe: false, data: Uint8Array.of(9, 9) },
    ])
    expect(session.encoder()).toEqual({ name: 'Test encoder 1', width: 1280, height: 720, framesPerSecond: 25 })
    expect(session.stats().bytes).toBeGreaterThan(20_000)
    expect(session.stats().lastMediaAtMs).toBe(packets.at(-1)?.arrivedAtMs)
  })

  it('gets packets that later messages on the same buffer do not overwrite', async () => {
    ingest = await startIngest()
    const { client } = await publish()
    for (let frame = 0; frame < 50; frame++) client.video(frame * 40, avcTag(Buffer.alloc(500, frame)))
    const { packets } = ingest.last()
    await until('all frames', () => packets.length === 50)
    expect(packets.map(({ data }) => [data[0], data[499], data.length])).toEqual(
      Array.from({ length: 50 }, (_, frame) => [frame, frame, 500]),
    )
  })

  it('keeps counting where the 32 bits of RTMP begin again, with extended timestamps in every chunk', async () => {
    ingest = await startIngest()
    const { client } = await publish()
    const start = 2 ** 32 - 60
    for (let frame = 0; frame < 4; frame++) client.video(start + frame * 40, avcTag(Buffer.alloc(9_000, frame)))
    const { packets } = ingest.last()
    await until('all frames', () => packets.length === 4)
    expect(packets.map((packet) => (packet.kind === 'video' ? packet.dtsMs : null))).toEqual([
      start,
      start + 40,
      start + 80,
      start + 120,
    ])
  })

  it('ends its session without a reason when the encoder says that it has finished', async () => {
    ingest = await startIngest()
    const { client } = await publish()
    client.video(0, avcTag(Buffer.of(1), { keyframe: true }))
    client.send('FCUnpublish', null, goodKey)
    await until('the end', () => ingest.last().end !== undefined)
    expect(ingest.last().end).toBeNull()
    expect(ingest.server.sessions()).toEqual([])
  })

  it('ends its session without a reason when the line breaks', async () => {
    ingest = await startIngest()
    const { client } = await publish()
    client.destroy()
    await until('the end', () => ingest.last().end !== undefined)
    expect(ingest.last().end).toBeNull()
  })
})

describe('a refusal', () => {
  it('answers a wrong key with its code and hangs up', async () => {
    ingest = await startIngest()
    const { client, reply } = await publish('wrong-key')
    expect(reply?.code).toBe('NetStream.Publish.BadName')
    expect(reply?.description).toMatch(/^INGEST_KEY_UNKNOWN: /)
    await client.closed
    expect(ingest.seen).toEqual([])
  })

  it('answers a wrong application with its code and hangs up', async () => {
    ingest = await startIngest()
    const { client, reply } = await publish(goodKey, 'stream')
    expect([reply?.name, reply?.code]).toEqual(['_error', 'NetConnection.Connect.Rejected'])
    expect(reply?.description).toMatch(/^INGEST_APP_UNKNOWN: .*rtmp:\/\/HOST\/live/)
    await client.closed
    expect(ingest.seen).toEqual([])
  })

  it('meets a client that wants to play', async () => {
    ingest = await startIngest()
    const client = await RtmpClient.open(ingest.port)
    clients.push(client)
    await client.call('connect', { app: 'live', tcUrl: 'rtmp://127.0.0.1/live' })
    client.send('play', null, goodKey)
    await client.closed
    expect(ingest.logged.join()).toContain('INGEST_PLAY_REFUSED')
  })

  it('meets a second publish on one connection, and ends the first', async () => {
    ingest = await startIngest()
    const { client } = await publish()
    const reply = await client.requestPublish(otherKey)
    expect(reply?.description).toMatch(/^INGEST_PUBLISH_TWICE: /)
    await until('the end', () => ingest.last().end !== undefined)
    expect(ingest.last().end).toBe('INGEST_PUBLISH_TWICE')
    expect(ingest.seen).toHaveLength(1)
  })

  it('meets media before the key, and none of it is seen', async () => {
    ingest = await startIngest()
    const client = await RtmpClient.open(ingest.port)
    clients.push(client)
    await client.call('connect', { app: 'live', tcUrl: 'rtmp://127.0.0.1/live' })
    client.video(0, avcConfigTag())
    await client.closed
    expect(ingest.logged.join()).toContain('INGEST_MEDIA_BEFORE_KEY')
    expect(ingest.seen).toEqual([])
  })

  it.each([
    ['HEVC in Enhanced RTMP', Buffer.from('9068766331', 'hex')],
    ['AV1 in Enhanced RTMP', Buffer.from('9061763031', 'hex')],
    ['H.264 in the header of Enhanced RTMP', Buffer.from('9061766331', 'hex')],
    ['HEVC under the unofficial number 12', Buffer.from('1c00000000', 'hex')],
  ])('meets %s with a code that the room keeps for its operator', async (_name, tag) => {
    ingest = await startIngest()
    const { client } = await publish()
    client.video(0, tag)
    await client.closed
    expect(ingest.last().end).toBe('INGEST_VIDEO_CODEC')
    expect(ingest.last().packets).toMatchObject([{ kind: 'video-config', codec: 'other' }])
    expect(ingest.feeds.problem(ingest.last().session.roomId)?.hint).toContain('H.264')
  })

  it('meets MP3 sound with a code', async () => {
    ingest = await startIngest()
    const { client } = await publish()
    client.audio(0, Buffer.from('2fff', 'hex'))
    await client.closed
    expect(ingest.last().end).toBe('INGEST_AUDIO_CODEC')
  })
})

describe('the stream key', () => {
  it('appears in no log line and on no standard output, whether it was right or wrong', async () => {
    const printed: string[] = []
    const write = process.stdout.write.bind(process.stdout)
    process.stdout.write = (chunk: string | Uint8Array) => {
      printed.push(String(chunk))
      return true
    }
    try {
      ingest = await startIngest()
      const wrong = 'wrong-key-fedcba9876543210'
      await (await publish(wrong)).client.closed
      await (await publish(`${wrong}!&/spaced out`)).client.closed
      const { client } = await publish()
      client.send('notACommand', null, goodKey)
      client.send('FCUnpublish', null, goodKey)
      await until('the end', () => ingest.last().end !== undefined)
      const everything = [...ingest.logged, ...printed].join('\n')
      expect(ingest.logged.length).toBeGreaterThanOrEqual(3)
      expect(everything).not.toContain(goodKey)
      expect(everything).not.toContain(wrong)
    } finally {
      process.stdout.write = write
    }
  })

  it('is not kept by the parser once it was checked', async () => {
    ingest = await startIngest()
    const { reply } = await publish()
    expect(reply?.description).not.toContain(goodKey)
    expect(JSON.stringify(ingest.last().session)).not.toContain(goodKey)
  })
})
