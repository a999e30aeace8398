import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startBrowser, videoTime } from '../../support/browser.ts'
import { type EveningSlugs, seedEvening } from '../../support/site-evening.ts'
import { must } from '../../support/site-seed.ts'
import { buildSite, type SiteStand, startSiteStand } from '../../support/site-stand.ts'
import { until } from '../../support/until.ts'

let stand: SiteStand
let browser: Browser
let page: Page
let slugs: EveningSlugs

beforeAll(async () => {
  await buildSite()
  stand = await startSiteStand(async (town) => {
    slugs = await seedEvening(town)
  })
  browser = await startBrowser()
})

beforeEach(async () => {
  stand.setLiveSegments(8)
})

afterAll(async () => {
  await browser.close()
  await stand.close()
})

const badge = () => page.locator('#notice .badge').textContent()
const current = () => page.locator('#agenda-list [aria-current]').allInnerTexts()

async function advances(): Promise<void> {
  const from = (await videoTime(page)) ?? 0
  await until('the video advances', async () => ((await videoTime(page)) ?? 0) > from + 0.5, 20_000)
}

test('a live page plays by itself without sound and follows what the clerk presses', async () => {
  page = await browser.newPage()
  await page.goto(`${stand.origin}/meetings/${slugs.live}`)
  await until('the video plays', async () => ((await videoTime(page)) ?? 0) > 0, 20_000)
  expect(await page.evaluate(() => document.querySelector('video')?.muted)).toBe(true)
  expect(await page.locator('.sound-button').isVisible()).toBe(true)
  expect(await badge()).toBe('Live')
  expect(await current()).toEqual([expect.stringContaining('Mededelingen')])

  await stand.town.press(slugs.live, { 4: 30 })
  stand.tell(slugs.live, { revision: 'new' })
  await until('the item is marked', async () => (await current()).join().includes('Belastingreglement'))
  expect(await page.locator('#item-announcement').textContent()).toContain('Huidig punt: 4 Belastingreglement')
})

test('pause and resume are told without reloading', async () => {
  must(await stand.town.operations.pause(slugs.live))
  stand.tell(slugs.live, { revision: 'new' })
  await until('the page says paused', async () => (await badge()) === 'Geschorst')
  must(await stand.town.operations.command(slugs.live, 'resume'))
  stand.tell(slugs.live, { revision: 'new' })
  await until('the page says live', async () => (await badge()) === 'Live')
  expect(await page.locator('#notice').getAttribute('data-state')).toBe('live')
})

test("an interruption shows on the edge's word alone, for the catalogue does not know that the live process died", async () => {
  const { revision, currentItemId } = must(await stand.town.operations.showMeeting(slugs.live))
  const news = { state: 'live', revision, currentItemId, hls: `/live/${slugs.live}/index.m3u8` }
  stand.tell(slugs.live, { ...news, interrupted: true })
  await until('the page says interrupted', async () => (await badge()) === 'Onderbroken')
  stand.tell(slugs.live, { ...news, interrupted: false })
  await until('the page says live', async () => (await badge()) === 'Live')
  expect(await page.locator('#notice').textContent()).toContain('De vergadering is live')
})

test('the page comes back by itself when streams are cut and playlists are missing', async () => {
  stand.setLiveSegments(null)
  stand.cutStreams()
  await page.reload()
  await until('the page follows again', async () => (await badge()) === 'Live')
  stand.setLiveSegments(10)
  await until('the video plays', async () => ((await videoTime(page)) ?? 0) > 0, 45_000)
  await stand.town.press(slugs.live, { 2: 40 })
  await until('the item is marked', async () => (await current()).join().includes('Mededelingen'), 40_000)
  expect(await page.locator('#connection-notice').isVisible()).toBe(false)
})

test('a viewer may look back while the meeting goes on', async () => {
  await page.getByRole('link', { name: /Notulen/ }).click()
  await until('the video is at the item', async () => {
    const seconds = (await videoTime(page)) ?? 0
    return seconds >= 4 && seconds < 12
  })
  expect(await page.locator('media-live-button').isVisible()).toBe(true)
})

test('at the end the same page becomes the replay, at the word that was being watched', async () => {
  await advances()
  const before = (await videoTime(page)) ?? 0
  await stand.town.finish(slugs.live, 60)
  stand.setLiveSegments(null)
  stand.tell(slugs.live, { revision: 'new' })
  await until('the page says it is a recording', async () => (await badge()) === 'Opname')
  await until('the replay plays on', async () => ((await videoTime(page)) ?? 0) > before, 20_000)
  expect(await videoTime(page)).toBeLessThan(before + 15)
  expect(await page.locator('#stream-link').getAttribute('href')).toMatch(/^\/media\//)
})

test('a page that waits for a meeting shows it when it begins', async () => {
  const waiting = await browser.newPage()
  await waiting.goto(`${stand.origin}/fr/meetings/${slugs.scheduled}`)
  expect(await waiting.locator('#notice .badge').textContent()).toBe('Annoncée')
  expect(await waiting.locator('media-controller').count()).toBe(0)
  await stand.town.begin(slugs.scheduled, new Date().toISOString())
  stand.setLiveSegments(8)
  stand.tell(slugs.scheduled, { revision: 'new' })
  await until('the page says live', async () => (await waiting.locator('#notice .badge').textContent()) === 'En direct')
  await until('the video plays', async () => ((await videoTime(waiting)) ?? 0) > 0, 20_000)
})
