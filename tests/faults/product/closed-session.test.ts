import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '#archive/core/ids.ts'
import { socketPath } from '#archive/core/socket-path.ts'
import { createLiveControl } from '#archive/operations/live-control.ts'
import type { Encoder } from '#tests/support/encoder.ts'
import type { FeedListener } from '#tests/support/feed-listener.ts'
import { lockCatalogue } from '#tests/support/locked-catalogue.ts'
import { done, type RunningProduct } from '#tests/support/product.ts'
import { planSitting, type Sitting, untilState, viewOf } from '#tests/support/sitting.ts'
import { Stage } from '#tests/support/stage.ts'
import { until } from '#tests/support/until.ts'

const stage = new Stage()
let product: RunningProduct
let encoder: Encoder
let listener: FeedListener
let sitting: Sitting

beforeAll(async () => {
  product = await stage.product()
  listener = stage.listener(product)
  sitting = await planSitting(product)
  encoder = stage.encoder(product, sitting.key)
  await untilState(product, sitting.slug, 'waiting')
  done(await (await product.operations()).command(sitting.slug, 'start'))
  await until('media', () => listener.parts.length > 4, 30_000)
})

afterAll(() => stage.clear())

/** The encoder is back and has sent more than a second, all of which was for nobody. */
async function untilFedAgain(connections: number): Promise<void> {
  await until('the encoder has come back', () => encoder.connections > connections, 20_000)
  await until(
    'its media arrives',
    async () => {
      const feeds = await (await product.operations()).feeds()
      const feed = feeds.ok ? feeds.value.find(({ slug }) => slug === sitting.room)?.feed : null
      return feed?.connected && feed.bitrateBps !== null && feed.fps !== null
    },
    20_000,
  )
}

async function killLive(): Promise<void> {
  const before = encoder.connections
  process.kill(product.pidOf('live'), 'SIGKILL')
  await untilFedAgain(before)
}

describe('a closed session', () => {
  it('stays closed across kill -9 of live, with the encoder sending again', async () => {
    const closed = done(await (await product.operations()).command(sitting.slug, 'closed'))
    expect(closed).toMatchObject({ state: 'closed', live: 'confirmed' })
    await until('the span has ended', () => listener.events.some(({ event }) => event.type === 'span-end'))
    const heard = listener.parts.length
    await killLive()
    expect((await viewOf(product, sitting.slug)).state).toBe('closed')
    expect(listener.parts).toHaveLength(heard)
  })

  it('goes on in the same recording when a person resumes, and not before', async () => {
    const { recording } = await viewOf(product, sitting.slug)
    const heard = listener.parts.length
    const pressedAtMs = Date.now()
    done(await (await product.operations()).command(sitting.slug, 'resume'))
    await until('media', () => listener.parts.length > heard, 20_000)
    const span = listener.events.findLast(({ event }) => event.type === 'span')
    expect(span?.recording).toBe(recording)
    // Half a second is what no receiver can tell of an encoder's own delay.
    if (span?.event.type === 'span') expect(span.event.wallMs).toBeGreaterThan(pressedAtMs - 500)
  })

  it('stays closed though live was killed before the catalogue had heard of it', async () => {
    const { id } = await viewOf(product, sitting.slug)
    const lock = await lockCatalogue(product.dataDir)
    // Whoever pressed is gone as well: nobody but the state file of live remembers.
    const live = createLiveControl(socketPath(product.dataDir, 'live-control'))
    const action = { kind: 'closed' } as const
    const told = await live.command({ id: newId(), meeting: id, atMs: Date.now(), by: 'cli', action })
    expect(told).toEqual({ ok: true, value: { state: 'closed' } })
    const before = encoder.connections
    process.kill(product.pidOf('live'), 'SIGKILL')
    await lock.release()
    const heard = listener.parts.length
    await untilState(product, sitting.slug, 'closed')
    await untilFedAgain(before)
    expect((await viewOf(product, sitting.slug)).state).toBe('closed')
    expect(listener.parts).toHaveLength(heard)
  })
})
