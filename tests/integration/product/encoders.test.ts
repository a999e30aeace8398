import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { smallFeed } from '#tests/support/encoder.ts'
import type { FeedListener } from '#tests/support/feed-listener.ts'
import { done, type RunningProduct } from '#tests/support/product.ts'
import { avcConfigTag, avcTag } from '#tests/support/rtmp-bytes.ts'
import { RtmpClient } from '#tests/support/rtmp-client.ts'
import { planSitting, type Sitting, untilState, viewOf } from '#tests/support/sitting.ts'
import { Stage } from '#tests/support/stage.ts'
import { until } from '#tests/support/until.ts'

const stage = new Stage()
let product: RunningProduct
let listener: FeedListener
let port = 0

beforeAll(async () => {
  product = await stage.product()
  listener = stage.listener(product)
  port = Number(new URL(product.ingest.replace('rtmp:', 'http:')).port)
})
afterAll(() => stage.clear())

async function publishAs(key: string) {
  const attempt = await RtmpClient.publish(port, key)
  stage.finally(() => attempt.client.destroy())
  return attempt
}

/** Sends pictures of a kind until it is told to fall silent; the line stays open. */
function streamFrom(client: RtmpClient): () => void {
  let frame = 0
  client.video(0, avcConfigTag())
  const timer = setInterval(() => client.video(frame++ * 40, avcTag(Buffer.alloc(100))), 40)
  const silence = () => clearInterval(timer)
  stage.finally(silence)
  return silence
}

async function roomOf(sitting: Sitting) {
  const rooms = done(await (await product.operations()).feeds())
  return rooms.find(({ slug }) => slug === sitting.room)
}

const isOpen = (client: RtmpClient) => !client.socket.destroyed

describe('a stream key', () => {
  it('that nobody made is refused with a reason, and no room hears of it', async () => {
    const sitting = await planSitting(product, { name: 'Zaal een' })
    const { client, reply } = await publishAs('0'.repeat(32))
    expect(reply?.code).toBe('NetStream.Publish.BadName')
    expect(reply?.description).toMatch(/^INGEST_KEY_UNKNOWN: /)
    await client.closed
    const room = await until('live knows the room', () => roomOf(sitting))
    expect(room).toMatchObject({ feed: null, meeting: sitting.slug, state: 'scheduled' })
  })

  it('appears in no log', async () => {
    const sitting = await planSitting(product, { name: 'Zaal stil' })
    const { reply } = await publishAs(sitting.key)
    expect(reply?.code).toBe('NetStream.Publish.Start')
    await until('the encoder is noticed', async () => (await roomOf(sitting))?.feed?.connected)
    expect(product.log()).toContain(sitting.room)
    expect(product.log()).not.toContain(sitting.key)
  })

  it('that is revoked ends what it publishes within a second, and opens nothing any more', async () => {
    const sitting = await planSitting(product, { name: 'Zaal twee' })
    const { client } = await publishAs(sitting.key)
    streamFrom(client)
    await until('the meeting waits', async () => (await roomOf(sitting))?.state === 'waiting')
    const pressed = performance.now()
    expect(done(await (await product.operations()).revokeKey(sitting.keyId))).toEqual({
      id: sitting.keyId,
      live: 'confirmed',
    })
    await client.closed
    expect(performance.now() - pressed).toBeLessThan(1_000)
    expect((await publishAs(sitting.key)).reply?.description).toMatch(/^INGEST_KEY_UNKNOWN: /)
  })
})

describe('a second encoder', () => {
  it('is refused without disturbing the first, and takes over after two seconds of silence', async () => {
    const sitting = await planSitting(product, { name: 'Zaal drie' })
    const first = await publishAs(sitting.key)
    const silence = streamFrom(first.client)
    await until('the meeting waits', async () => (await roomOf(sitting))?.state === 'waiting')
    const since = (await roomOf(sitting))?.feed?.since
    const second = await publishAs(sitting.key)
    expect(second.reply?.description).toMatch(/^INGEST_ROOM_BUSY: /)
    expect(isOpen(first.client)).toBe(true)
    expect((await roomOf(sitting))?.feed).toMatchObject({
      connected: true,
      since,
      problem: { code: 'INGEST_ROOM_BUSY' },
    })

    silence()
    const silentAt = performance.now()
    const newcomer = await until('the newcomer is let in', async () => {
      const attempt = await publishAs(sitting.key)
      return attempt.reply?.code === 'NetStream.Publish.Start' ? attempt : null
    })
    expect(performance.now() - silentAt).toBeGreaterThan(1_900)
    expect(performance.now() - silentAt).toBeLessThan(4_000)
    await first.client.closed
    expect(isOpen(newcomer.client)).toBe(true)
  })
})

describe('a feed', () => {
  it('for which no meeting is planned is seen as connected and kept nowhere', async () => {
    const operations = await product.operations()
    const room = done(await operations.addRoom({ name: 'Trouwzaal' }))
    const { key } = done(await operations.addKey({ room: room.slug }))
    const { client } = await publishAs(key)
    streamFrom(client)
    const feed = await until('it is seen', async () => {
      const rooms = done(await operations.feeds())
      return rooms.find(({ slug, feed: seen }) => slug === room.slug && seen?.connected)
    })
    expect(feed).toMatchObject({ meeting: null, state: null })
    expect(await operations.listMeetings({ when: 'open' })).not.toContainEqual(
      expect.objectContaining({ title: 'Trouwzaal' }),
    )
    expect(listener.parts).toEqual([])
  })

  it('that breaks off and comes back fills the same recording', async () => {
    const sitting = await planSitting(product, { name: 'Zaal vier' })
    const encoder = stage.encoder(product, sitting.key)
    await untilState(product, sitting.slug, 'waiting')
    done(await (await product.operations()).command(sitting.slug, 'start'))
    const { recording } = await viewOf(product, sitting.slug)
    const parts = () => listener.parts.filter((part) => part.recording === recording)
    await until('media', () => parts().length > 5, 20_000)
    const former = parts()[0]?.span
    encoder.cut()
    await until('media of the next connection', () => parts().some(({ span }) => span !== former), 20_000)
    expect(encoder.connections).toBe(2)
    const end = listener.events.find((heard) => heard.recording === recording && heard.event.type === 'span-end')
    expect(end?.event).toMatchObject({ span: former, cause: 'disconnected' })
    expect((await viewOf(product, sitting.slug)).recording).toBe(recording)
    await encoder.stop()
  })

  it('without sound streams and records all the same', async () => {
    const sitting = await planSitting(product, { name: 'Zaal vijf' })
    const encoder = stage.encoder(product, sitting.key, { ...smallFeed, audio: false })
    await untilState(product, sitting.slug, 'waiting')
    done(await (await product.operations()).command(sitting.slug, 'start'))
    const { recording } = await viewOf(product, sitting.slug)
    const index = `${product.site}/live/${sitting.slug}/index.m3u8`
    await until('it can be played', async () => (await fetch(index)).status === 200, 30_000)
    const renditions = new Set(
      listener.parts.filter((part) => part.recording === recording).map((part) => part.rendition),
    )
    expect([...renditions]).toEqual(['source'])
    expect(await (await fetch(index)).text()).not.toContain('TYPE=AUDIO')
    await encoder.stop()
  })
})
