import { afterEach, describe, expect, it } from 'vitest'
import { goodKey, type IngestHarness, otherKey, startIngest } from '#tests/support/ingest-harness.ts'
import { avcConfigTag, avcTag } from '#tests/support/rtmp-bytes.ts'
import { RtmpClient } from '#tests/support/rtmp-client.ts'
import { until } from '#tests/support/until.ts'

let ingest: IngestHarness
const clients: RtmpClient[] = []
const timers: NodeJS.Timeout[] = []

afterEach(async () => {
  for (const timer of timers.splice(0)) clearInterval(timer)
  for (const client of clients.splice(0)) client.destroy()
  await ingest.server.close()
})

async function publish(key = goodKey) {
  const attempt = await RtmpClient.publish(ingest.port, key)
  clients.push(attempt.client)
  return attempt
}

function streamFrom(client: RtmpClient): NodeJS.Timeout {
  let frame = 0
  client.video(0, avcConfigTag())
  const timer = setInterval(() => client.video(frame++ * 40, avcTag(Buffer.alloc(100))), 40)
  timers.push(timer)
  return timer
}

describe('a second encoder', () => {
  it.each([
    ['with the same key', goodKey],
    ['with another key of the room', otherKey],
  ])('%s is refused and does not disturb the first', async (_name, key) => {
    ingest = await startIngest()
    const first = await publish()
    streamFrom(first.client)
    const seen = ingest.last()
    await until('media', () => seen.packets.length > 5)
    const second = await publish(key)
    expect(second.reply?.description).toMatch(/^INGEST_ROOM_BUSY: /)
    await second.client.closed
    const before = seen.packets.length
    await until('more media of the first', () => seen.packets.length > before + 10)
    expect(seen.end).toBeUndefined()
    expect(ingest.seen).toHaveLength(1)
    expect(ingest.server.sessions()).toEqual([seen.session])
  })

  it('takes over once the first has been silent for two seconds, though its line still stands', async () => {
    ingest = await startIngest()
    const first = await publish()
    const stream = streamFrom(first.client)
    const silent = ingest.last()
    await until('media', () => silent.packets.length > 5)
    clearInterval(stream)
    expect((await publish()).reply?.description).toMatch(/^INGEST_ROOM_BUSY: /)
    await until('two seconds of silence', () => silent.session.silentMs() >= 2_000)
    const second = await publish()
    expect(second.reply?.code).toBe('NetStream.Publish.Start')
    expect(silent.end).toBe('INGEST_TAKEN_OVER')
    await first.client.closed
    const taken = ingest.last()
    expect(ingest.feeds.current(taken.session.roomId)).toBe(taken.session)
    streamFrom(second.client)
    await until('media of the second', () => taken.packets.length > 5)
    expect(ingest.server.sessions()).toEqual([taken.session])
  })
})

describe('a revoked key', () => {
  it('ends its live publish within a second', async () => {
    ingest = await startIngest()
    const { client } = await publish()
    streamFrom(client)
    const seen = ingest.last()
    await until('media', () => seen.packets.length > 5)
    const start = performance.now()
    expect(ingest.feeds.revoke(ingest.keyId)).toBe(1)
    const atRevocation = seen.packets.length
    await client.closed
    expect(performance.now() - start).toBeLessThan(1_000)
    expect(seen.packets).toHaveLength(atRevocation)
    expect(seen.end).toBe('INGEST_KEY_REVOKED')
    expect(client.replies.at(-1)?.description).toMatch(/^INGEST_KEY_REVOKED: /)
    expect(ingest.feeds.problem(seen.session.roomId)?.code).toBe('INGEST_KEY_REVOKED')
  })
})
