import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Encoder } from '#tests/support/encoder.ts'
import type { FeedListener } from '#tests/support/feed-listener.ts'
import { done, type RunningProduct } from '#tests/support/product.ts'
import { readMedia, renditionUrl } from '#tests/support/replay.ts'
import { planSitting, type Sitting, untilState } from '#tests/support/sitting.ts'
import { Stage } from '#tests/support/stage.ts'
import { until } from '#tests/support/until.ts'

const stage = new Stage()
let product: RunningProduct
let encoder: Encoder
let listener: FeedListener
let sitting: Sitting

const sourceParts = () => listener.parts.filter(({ rendition }) => rendition === 'source')
const status = async (path: string) => (await fetch(`${product.site}${path}`)).status
const livePlaylist = () => readMedia(renditionUrl(`${product.site}/live/${sitting.slug}/index.m3u8`, 'source'))

async function isBack(name: 'edge' | 'site' | 'worker', former: number): Promise<boolean> {
  return until(
    `${name} runs again`,
    () => {
      try {
        return product.pidOf(name) !== former
      } catch {
        return false
      }
    },
    20_000,
  )
}

beforeAll(async () => {
  product = await stage.product()
  listener = stage.listener(product)
  sitting = await planSitting(product)
  encoder = stage.encoder(product, sitting.key)
  await untilState(product, sitting.slug, 'waiting')
  done(await (await product.operations()).command(sitting.slug, 'start'))
  await until('a segment is complete', () => sourceParts().some(({ n, p }) => n > 0 && p > 1), 30_000)
})

afterAll(() => stage.clear())

describe('kill -9 of the worker and of the site while a meeting is live', () => {
  it('brings the worker back by itself', async () => {
    const former = product.pidOf('worker')
    process.kill(former, 'SIGKILL')
    expect(await isBack('worker', former)).toBe(true)
  })

  it('answers pages with "back in a moment" while the site is down, and live media as ever', async () => {
    const release = product.holdDown('site')
    try {
      const page = await until('the edge has noticed', async () => {
        const answer = await fetch(`${product.site}/meetings/${sitting.slug}`, { headers: { 'accept-language': 'en' } })
        return answer.status === 503 ? answer : null
      })
      expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(page.headers.get('retry-after')).toMatch(/^\d+$/)
      expect(await page.text()).toContain('Back in a moment')
      const { segments } = await livePlaylist()
      const newest = segments.at(-1)
      expect(await status(newest?.uri ?? '')).toBe(200)
      const heard = sourceParts().length
      await until('the live playlist grows', async () => {
        const grown = (await livePlaylist()).segments.at(-1)
        return grown?.uri !== newest?.uri
      })
      expect(sourceParts().length).toBeGreaterThan(heard)
    } finally {
      release()
    }
    await until('the pages are back', async () => (await status('/')) === 200, 30_000)
    expect(await status(`/meetings/${sitting.slug}`)).toBe(200)
  })

  it('brings the edge back on the same port with the playlist where it was', async () => {
    const before = await livePlaylist()
    const former = product.pidOf('edge')
    process.kill(former, 'SIGKILL')
    expect(await isBack('edge', former)).toBe(true)
    const after = await until('the live playlist is back', () => livePlaylist().catch(() => null), 20_000)
    expect(after.mediaSequence).toBeGreaterThanOrEqual(before.mediaSequence)
    const known = before.segments.map(({ uri }) => uri)
    const shared = after.segments.filter(({ uri }) => known.includes(uri))
    expect(shared.length).toBeGreaterThan(0)
    for (const { uri } of shared) expect(await status(new URL(uri, product.site).pathname)).toBe(200)
  })

  it('was noticed by no stream and no recording', () => {
    expect(listener.connections).toBe(1)
    expect(encoder.connections).toBe(1)
    const events = listener.events.map(({ event }) => event.type)
    expect(events.filter((type) => type === 'span')).toHaveLength(1)
    expect(events.filter((type) => type === 'gap' || type === 'span-end')).toEqual([])
    const numbers = sourceParts().map(({ n, p }) => ({ n, p }))
    const first = numbers[0]?.n ?? 0
    expect([...new Set(numbers.map(({ n }) => n))]).toEqual(
      Array.from({ length: (numbers.at(-1)?.n ?? 0) - first + 1 }, (_, index) => first + index),
    )
    const waits = sourceParts().map(({ atMs }, index, all) => atMs - (all[index - 1]?.atMs ?? atMs))
    expect(Math.max(...waits)).toBeLessThan(2_000)
  })
})
