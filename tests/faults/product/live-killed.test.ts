import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SpanId } from '#archive/core/ids.ts'
import type { TimelineSpan } from '#archive/hls/timeline.ts'
import { reduceJournal } from '#archive/hls/timeline.ts'
import { parseJournal } from '#archive/storage/journal-text.ts'
import { openPage, startBrowser, videoTime } from '#tests/support/browser.ts'
import type { FeedListener, HeardPart } from '#tests/support/feed-listener.ts'
import { done, type RunningProduct } from '#tests/support/product.ts'
import { decodeStretch, readMedia, renditionUrl, stretchesOf } from '#tests/support/replay.ts'
import { planSitting, type Sitting, untilState, viewOf } from '#tests/support/sitting.ts'
import { Stage } from '#tests/support/stage.ts'
import { until } from '#tests/support/until.ts'

const stage = new Stage()
let product: RunningProduct
let listener: FeedListener
let sitting: Sitting
let killedAtMs = 0
let spanBefore: SpanId
let recording = ''

const sourceParts = () => listener.parts.filter(({ rendition }) => rendition === 'source')

beforeAll(async () => {
  product = await stage.product()
  listener = stage.listener(product)
  sitting = await planSitting(product)
  stage.encoder(product, sitting.key)
  await untilState(product, sitting.slug, 'waiting')
  const operations = await product.operations()
  done(await operations.command(sitting.slug, 'start'))
  await until('some seconds have left the packager', () => sourceParts().length >= 15, 30_000)
  done(await operations.item(sitting.slug, '1'))
  recording = (await viewOf(product, sitting.slug)).recording ?? ''
  spanBefore = sourceParts()[0]?.span as SpanId
  killedAtMs = Date.now()
  process.kill(product.pidOf('live'), 'SIGKILL')
  await until(
    'media of another span',
    () => sourceParts().filter(({ span }) => span !== spanBefore).length >= 10,
    30_000,
  )
  done(await operations.item(sitting.slug, '2'))
})

afterAll(() => stage.clear())

function spans(): TimelineSpan[] {
  const text = readFileSync(join(product.dataDir, 'spool', recording, 'journal.jsonl'))
  return [...reduceJournal(parseJournal(text).events).spans]
}

/** Whether the spool holds the part's very bytes at its place in its segment. */
function isKept(part: HeardPart): boolean {
  const before = listener.parts.filter(
    ({ span, rendition, n, p }) => span === part.span && rendition === part.rendition && n === part.n && p < part.p,
  )
  const start = before.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const file = join(product.dataDir, 'spool', recording, part.span, part.rendition, `${part.n}.m4s`)
  const bytes = readFileSync(file, { flag: 'r' }).subarray(start, start + part.sizeBytes)
  return createHash('sha256').update(bytes).digest('hex') === part.sha256
}

describe('kill -9 of live in the middle of a meeting', () => {
  it('goes on with the same recording in a span of its own, under numbers that nobody has seen', async () => {
    const view = await viewOf(product, sitting.slug)
    expect(view).toMatchObject({ state: 'live', recording, interrupted: false })
    expect(new Set(listener.parts.map((part) => part.recording))).toEqual(new Set([recording]))
    const [first, second] = spans()
    expect(first).toMatchObject({ span: spanBefore, end: { cause: 'crashed' } })
    const numbersOf = (wanted: boolean) =>
      listener.parts.filter(({ span }) => (span === spanBefore) === wanted).map(({ n }) => n)
    expect(Math.min(...numbersOf(false))).toBeGreaterThan(Math.max(...numbersOf(true)))
    expect(second?.mediaStartMs).toBe(first?.end?.durationMs)
  })

  it.each(['source', 'audio'])('has lost at most one part of %s of what had left the packager', (rendition) => {
    const heard = listener.parts.filter((part) => part.span === spanBefore && part.rendition === rendition)
    expect(heard.length).toBeGreaterThanOrEqual(12)
    const lost = heard.filter((part) => !isKept(part)).map(({ n, p }) => `${n}.${p}`)
    expect(lost.length, lost.join(' ')).toBeLessThanOrEqual(1)
  })

  it('writes the gap down as an incident', async () => {
    const incident = await until('the incident is written', async () =>
      (await product.incidents(sitting.slug)).find(({ code }) => code === 'LIVE_RESTARTED'),
    )
    // From the last captured frame to the moment the recording went on.
    expect(Math.abs(incident.openedAtMs - killedAtMs)).toBeLessThan(2_000)
    expect(incident.closedAtMs).toBeGreaterThan(killedAtMs)
    expect(incident.recording).toBe(recording)
  })

  it('leaves a replay whose every frame can be decoded on both sides of the gap', async () => {
    done(await (await product.operations()).command(sitting.slug, 'end'))
    await untilState(product, sitting.slug, 'published')
    const view = await until('the last span is written down', async () => {
      const read = await viewOf(product, sitting.slug)
      return read.durationSeconds === null ? null : read
    })
    const index = new URL(view.replay?.hls ?? '', product.site).href
    const address = renditionUrl(index, 'source')
    const playlist = await until('the replay is whole', async () => {
      const read = await readMedia(address).catch(() => null)
      return read?.ended ? read : null
    })
    const stretches = stretchesOf(playlist)
    expect(stretches).toHaveLength(2)
    expect(playlist.segments.filter(({ discontinuity }) => discontinuity)).toHaveLength(1)
    for (const stretch of stretches) {
      const decoded = await decodeStretch(address, stretch)
      expect(decoded).toEqual({ frames: Math.round(stretch.durationS * 25), complaints: '' })
    }
    const total = stretches.reduce((sum, { durationS }) => sum + durationS, 0)
    expect(view.durationSeconds).toBeCloseTo(total, 1)
    expect(view.chapters.map(({ number }) => number)).toEqual(['1', '2'])
    expect(view.chapters[1]?.startSeconds).toBeGreaterThan(stretches[0]?.durationS ?? 0)
  })

  it('plays across the gap in a browser', async () => {
    const firstMs = spans()[0]?.end?.durationMs ?? 0
    const browser = await startBrowser()
    try {
      const { page, seen } = await openPage(browser, product.site)
      await page.goto(`${product.site}/meetings/${sitting.slug}?t=${Math.max(0, firstMs / 1000 - 1.5)}`)
      await page.waitForSelector('video')
      await until(
        'the picture moves across the gap',
        async () => {
          await page.evaluate(async () => {
            const video = document.querySelector('video')
            if (video?.paused) await video.play().catch(() => undefined)
          })
          return ((await videoTime(page)) ?? 0) > firstMs / 1000 + 1
        },
        30_000,
      )
      expect(seen).toEqual({ foreign: [], errors: [] })
    } finally {
      await browser.close()
    }
  })
})
