import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mediaTimeMap } from '#archive/domain/media-time.ts'
import type { MeetingView } from '#archive/domain/meeting-view.ts'
import { playsOn, startBrowser, videoTime } from '#tests/support/browser.ts'
import { done, type RunningProduct } from '#tests/support/product.ts'
import { markedFeed, readMarker, secondsApart } from '#tests/support/second-hand.ts'
import { buildSite } from '#tests/support/site-stand.ts'
import { planSitting, type Sitting, untilState, viewOf } from '#tests/support/sitting.ts'
import { Stage } from '#tests/support/stage.ts'
import { until } from '#tests/support/until.ts'

const stage = new Stage()
let product: RunningProduct
let browser: Browser
let sitting: Sitting
let page: Page
/** MediaTime in a link that was made live after the pause. */
let linked = 0

const press = async (action: 'start' | 'pause' | 'resume' | 'end') =>
  done(await (await product.operations()).command(sitting.slug, action))

/** A page that shows its links instead of copying them. */
async function open(path: string): Promise<Page> {
  const opened = await browser.newPage()
  await opened.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }))
  await opened.goto(`${product.site}${path}`)
  return opened
}

/** WallTime at which the meeting was at this MediaTime. */
function takenAtMs({ spans }: MeetingView, seconds: number): number {
  const facts = spans.map(({ startedAt, mediaStartSeconds, durationSeconds }) => ({
    wallMs: Date.parse(startedAt),
    mediaStartMs: mediaStartSeconds * 1000,
    durationMs: durationSeconds === null ? null : durationSeconds * 1000,
  }))
  return mediaTimeMap(facts).wallAt(seconds * 1000) ?? Number.NaN
}

/** Makes a link, and checks that what the page shows at this moment was taken when the link says; whole seconds. */
async function linkOf(shown: Page): Promise<number> {
  await playsOn(shown, 0.3)
  await shown.locator('#share').click()
  const picture = await until('there is a picture', () => readMarker(shown), 20_000)
  const href = (await shown.locator('#share-result a').getAttribute('href')) ?? ''
  const seconds = Number(new URL(href).searchParams.get('t'))
  const wallMs = takenAtMs(await viewOf(product, sitting.slug), seconds)
  // The second that the link rounds down to may be up to one later than the link.
  expect(Math.min(secondsApart(picture.step, wallMs), secondsApart(picture.step, wallMs + 1000))).toBeLessThanOrEqual(1)
  return seconds
}

beforeAll(async () => {
  await buildSite()
  product = await stage.product()
  sitting = await planSitting(product)
  stage.encoder(product, sitting.key, markedFeed('320x180'))
  browser = await startBrowser()
  stage.finally(() => browser.close())
  await untilState(product, sitting.slug, 'waiting')
  await press('start')
  page = await open(`/meetings/${sitting.slug}`)
  await playsOn(page, 3, 60_000)
})

afterAll(() => stage.clear())

describe('a page that shows a meeting live', () => {
  it('goes on playing through a pause, and links to the moment of the meeting afterwards', async () => {
    await press('pause')
    const pausedAt = (await videoTime(page)) ?? 0
    await until('the slate plays', async () => ((await videoTime(page)) ?? 0) > pausedAt + 8, 30_000)
    await press('resume')
    const { spans } = await until('the second span', async () => {
      const view = await viewOf(product, sitting.slug)
      return view.spans.length > 1 ? view : null
    })
    const resumedAt = (await videoTime(page)) ?? 0
    await until('the meeting plays again', async () => ((await videoTime(page)) ?? 0) > resumedAt + 8, 30_000)
    linked = await linkOf(page)
    expect(linked).toBeGreaterThan(spans[1]?.mediaStartSeconds ?? 0)
    // The stream is ahead of the meeting by the pause.
    expect((await videoTime(page)) ?? 0).toBeGreaterThan(linked + 6)
  })

  it('begins at the moment of a link, before and after the pause', async () => {
    for (const seconds of [1, linked]) {
      const other = await open(`/meetings/${sitting.slug}?t=${seconds}`)
      await other.locator('media-play-button').first().waitFor()
      const at = await linkOf(other)
      expect(at).toBeGreaterThanOrEqual(seconds - 1)
      expect(at).toBeLessThan(seconds + 8)
      await other.close()
    }
  })

  it('lands on the same word in the replay', async () => {
    await press('end')
    await untilState(product, sitting.slug, 'published')
    const replay = await open(`/meetings/${sitting.slug}?t=${linked}`)
    await replay.locator('media-play-button').first().waitFor()
    const at = await linkOf(replay)
    expect(at).toBeGreaterThanOrEqual(linked - 1)
    expect(at).toBeLessThan(linked + 8)
  })
})
