import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MeetingView } from '#archive/domain/meeting-view.ts'
import { openPage, startBrowser } from '#tests/support/browser.ts'
import { done, type RunningProduct } from '#tests/support/product.ts'
import { readMedia, renditionUrl } from '#tests/support/replay.ts'
import { planMeeting, planSitting, type Sitting, untilState } from '#tests/support/sitting.ts'
import { Stage } from '#tests/support/stage.ts'
import { until } from '#tests/support/until.ts'

const stage = new Stage()
let product: RunningProduct
let earlier: Sitting
let replay = ''
let current = ''
let release = () => {}
stage.finally(() => release())

const view = () => product.getJson<MeetingView>(`/api/v1/meetings/${current}`)

beforeAll(async () => {
  product = await stage.product()
  const operations = await product.operations()
  earlier = await planSitting(product, { agenda: ['Bibliotheek'] })
  stage.encoder(product, earlier.key)
  await untilState(product, earlier.slug, 'waiting')
  done(await operations.command(earlier.slug, 'start'))
  const first = `${product.site}/live/${earlier.slug}/index.m3u8`
  await until('something is live', async () => (await fetch(first)).status === 200, 30_000)
  done(await operations.item(earlier.slug, '1'))
  done(await operations.command(earlier.slug, 'end'))
  replay = (await untilState(product, earlier.slug, 'published')).replay?.hls ?? ''
  const next = await planMeeting(product, earlier.body, { name: 'Vervolg', agenda: ['Begroting'] })
  current = next.slug
  done(await operations.command(current, 'start'))
  const second = `${product.site}/live/${current}/index.m3u8`
  await until('the next meeting is live', async () => (await fetch(second)).status === 200, 30_000)
})

afterAll(() => stage.clear())

describe('while live is dead', () => {
  it('the meeting says that it is interrupted, in the API and on its open page', async () => {
    const browser = await startBrowser()
    try {
      const { page } = await openPage(browser, product.site)
      await page.goto(`${product.site}/en/meetings/${current}`)
      expect((await view()).interrupted).toBe(false)
      release = product.holdDown('live')
      await until('the API says so', async () => (await view()).interrupted, 15_000)
      expect(await view()).toMatchObject({ state: 'live', interrupted: true })
      await until(
        'the open page says so',
        () =>
          page
            .getByText(/interrupted/i)
            .first()
            .isVisible(),
        15_000,
      )
      const fresh = await fetch(`${product.site}/en/meetings/${current}`)
      expect(await fresh.text()).toMatch(/interrupted/i)
    } finally {
      await browser.close()
    }
  })

  it('pages, the API and the search answer', async () => {
    for (const path of ['/', `/meetings/${earlier.slug}`, '/search?q=bibliotheek', '/api/v1/meetings']) {
      expect((await fetch(`${product.site}${path}`)).status, path).toBe(200)
    }
    const found = await product.getJson<{ results: { meeting: string; kind: string }[] }>(
      '/api/v1/search?q=bibliotheek',
    )
    expect(found.results).toContainEqual(expect.objectContaining({ meeting: earlier.slug, kind: 'item' }))
  })

  it('the replay of an earlier meeting and what the live playlist lists are served', async () => {
    const replayed = await readMedia(renditionUrl(new URL(replay, product.site).href, 'source'))
    const live = await readMedia(renditionUrl(`${product.site}/live/${current}/index.m3u8`, 'source'))
    expect(replayed.ended).toBe(true)
    for (const { uri } of [...replayed.segments, ...live.segments]) {
      expect((await fetch(new URL(uri, product.site))).status, uri).toBe(200)
    }
  })

  it('a command of the clerk’s is kept and takes effect when live is back', async () => {
    const pressed = done(await (await product.operations()).pause(current))
    expect(pressed).toEqual({ slug: current, state: 'paused', live: 'unreachable', catalogued: true })
    release()
    const feeds = await until(
      'live is back and acts on it',
      async () => {
        const rooms = await (await product.operations()).feeds()
        return rooms.ok ? rooms.value.find(({ slug }) => slug === earlier.room) : null
      },
      20_000,
    )
    expect(feeds).toMatchObject({ meeting: current, state: 'paused' })
  })
})
