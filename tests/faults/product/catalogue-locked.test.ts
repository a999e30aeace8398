import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { spansOf } from '#archive/catalog/spans.ts'
import type { RecordingId } from '#archive/core/ids.ts'
import type { FeedListener } from '#tests/support/feed-listener.ts'
import { type CatalogueLock, lockCatalogue } from '#tests/support/locked-catalogue.ts'
import { done, type RunningProduct } from '#tests/support/product.ts'
import { planSitting, type Sitting, untilState, viewOf } from '#tests/support/sitting.ts'
import { Stage } from '#tests/support/stage.ts'
import { until } from '#tests/support/until.ts'

const lockedForMs = 10_000
const segmentMs = 4_400

const stage = new Stage()
let product: RunningProduct
let listener: FeedListener
let sitting: Sitting
let lock: CatalogueLock
let lockedAt = 0
let releasedAt = 0

const sourceParts = () => listener.parts.filter(({ rendition }) => rendition === 'source')

/** Asks for the state that the gate is in, of nobody but live. */
async function gateIs(state: string): Promise<number> {
  const asked = performance.now()
  await until(`the gate is ${state}`, async () => {
    const feeds = await (await product.operations()).feeds()
    return feeds.ok && feeds.value.some((room) => room.meeting === sitting.slug && room.state === state)
  })
  return performance.now() - asked
}

beforeAll(async () => {
  product = await stage.product()
  listener = stage.listener(product)
  sitting = await planSitting(product)
  stage.encoder(product, sitting.key)
  await untilState(product, sitting.slug, 'waiting')
  done(await (await product.operations()).command(sitting.slug, 'start'))
  await until('media', () => sourceParts().length > 4, 30_000)
  lock = await lockCatalogue(product.dataDir)
  lockedAt = lock.heldSinceMs
})

afterAll(() => stage.clear())

describe('with the catalogue locked by another process for ten seconds', () => {
  it('live confirms every press at once', async () => {
    const pressed: Promise<{ live: string }>[] = []
    const press = (...words: string[]) => pressed.push(product.hemicycle('meeting', ...words))
    press('pause', sitting.slug)
    expect(await gateIs('paused')).toBeLessThan(5_000)
    press('resume', sitting.slug)
    expect(await gateIs('live')).toBeLessThan(5_000)
    press('item', sitting.slug, '2')
    await until('ten seconds have passed', () => performance.now() - lockedAt >= lockedForMs, 15_000)
    await lock.release()
    releasedAt = performance.now()
    const answers = await Promise.all(pressed)
    expect(answers.map(({ live }) => live)).toEqual(['confirmed', 'confirmed', 'confirmed'])
  })

  it('no part came later than a segment takes', async () => {
    await until('media after the lock', () => sourceParts().some(({ atMs }) => atMs > releasedAt + 1_000), 15_000)
    const during = sourceParts().filter(({ atMs }) => atMs > lockedAt - 1_000)
    const waits = during.map(({ atMs }, index) => atMs - (during[index - 1]?.atMs ?? atMs))
    expect(during.length).toBeGreaterThan(15)
    expect(Math.max(...waits)).toBeLessThan(segmentMs)
  })

  it('nothing is lost: spans and marks are all in the catalogue', async () => {
    const { recording } = await viewOf(product, sitting.slug)
    const told = listener.events.flatMap(({ event }) => (event.type === 'span' ? [event.span] : []))
    expect(told.length).toBeGreaterThanOrEqual(2)
    const catalog = await product.catalog()
    const kept = await until('the spans are written', async () => {
      const spans = await catalog.read((db) => spansOf(db, recording as RecordingId))
      return spans.length === told.length ? spans : null
    })
    expect(kept).toHaveLength(told.length)
    const view = await viewOf(product, sitting.slug)
    expect(view.state).toBe('live')
    expect(view.chapters.map(({ number }) => number)).toEqual(['2'])
  })
})
