import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startBrowser, videoTime } from '../../support/browser.ts'
import { type EveningSlugs, seedEvening } from '../../support/site-evening.ts'
import { buildSite, type SiteStand, startSiteStand } from '../../support/site-stand.ts'
import { until } from '../../support/until.ts'

let stand: SiteStand
let browser: Browser
let slugs: EveningSlugs

beforeAll(async () => {
  await buildSite()
  stand = await startSiteStand(async (town) => {
    slugs = await seedEvening(town)
  })
  browser = await startBrowser()
})

afterAll(async () => {
  await browser.close()
  await stand.close()
})

async function open(path: string): Promise<Page> {
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] })
  onTestFinished(() => context.close())
  const page = await context.newPage()
  await page.goto(`${stand.origin}${path}`)
  return page
}

async function playing(page: Page, from: number, to: number): Promise<void> {
  await until(`the video plays between ${from} and ${to} s`, async () => {
    const seconds = await videoTime(page)
    return seconds !== null && seconds >= from && seconds < to
  })
}

test('a link to a moment opens there, and its item is the current one', async () => {
  const page = await open(`/meetings/${slugs.replay}?t=37`)
  await until('the player stands at the moment', async () => ((await videoTime(page)) ?? 0) >= 36.9)
  expect(await page.locator('#agenda-list [aria-current]').allInnerTexts()).toEqual([
    expect.stringContaining('Belastingreglement'),
  ])
})

test('an agenda item jumps to its chapter and plays', async () => {
  const page = await open(`/meetings/${slugs.replay}`)
  await page.locator('media-controller').waitFor()
  await until('there is something to play', () =>
    page.evaluate(() => (document.querySelector('video')?.readyState ?? 0) > 0),
  )
  await page.getByRole('link', { name: /Fietsstraat in de Ieperstraat/ }).click()
  await playing(page, 20.6, 30)
  expect(await page.locator('#agenda-list [aria-current]').getAttribute('data-item')).not.toBeNull()
  await until('the words being spoken are marked', async () =>
    (await page.locator('.cue[aria-current]').allInnerTexts()).join().includes('fietsstraat'),
  )
  expect(page.url()).toBe(`${stand.origin}/meetings/${slugs.replay}`)
})

test('a sentence of the transcript jumps to where it is spoken', async () => {
  const page = await open(`/meetings/${slugs.replay}`)
  await page.locator('media-controller').waitFor()
  await until('there is something to play', () =>
    page.evaluate(() => (document.querySelector('video')?.readyState ?? 0) > 0),
  )
  expect(await page.locator('#transcript-origin').textContent()).toBe('Automatisch, niet nagekeken')
  await page.locator('.cue', { hasText: 'algemene stemmen' }).click()
  await playing(page, 42.3, 48)
})

test('captions, chapters, speeds and qualities are offered', async () => {
  const page = await open(`/meetings/${slugs.replay}`)
  await page.locator('media-controller').waitFor()
  await until('captions are there', () =>
    page.evaluate(() =>
      [...(document.querySelector('video')?.textTracks ?? [])].some(({ kind }) => kind === 'captions'),
    ),
  )
  await page.evaluate(() => {
    const track = [...(document.querySelector('video')?.textTracks ?? [])].find(({ kind }) => kind === 'captions')
    if (track) track.mode = 'showing'
  })
  const count = (kind: string) =>
    page.evaluate(
      (wanted) =>
        [...(document.querySelector('video')?.textTracks ?? [])].find((track) => track.kind === wanted)?.cues?.length ??
        0,
      kind,
    )
  await until('captions are read', async () => (await count('captions')) === 8)
  await until('chapters are read', async () => (await count('chapters')) === 3)
  const qualities = page.locator('media-rendition-menu media-chrome-menu-item')
  await until('qualities are known', async () => (await qualities.allTextContents()).includes('180p'))
  await page.locator('media-settings-menu-button').click()
  expect(await page.locator('media-settings-menu').textContent()).toMatch(/Snelheid[\s\S]*Kwaliteit/)
})

test('sharing copies a link to the moment', async () => {
  const page = await open(`/meetings/${slugs.replay}?t=12`)
  await until('the player stands at the moment', async () => ((await videoTime(page)) ?? 0) >= 11.9)
  await page.locator('#share').click()
  await until('it is said', async () => (await page.locator('#share-result').textContent())?.includes('0:12'))
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    `${stand.origin}/meetings/${slugs.replay}?t=12`,
  )
})

test('search finds an item and a spoken word and lands on the second', async () => {
  const page = await open('/')
  await page.getByRole('searchbox').fill('voorjaar')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/search\?q=voorjaar/)
  expect(await page.locator('mark').allInnerTexts()).toEqual(['voorjaar'])
  await page.locator('.result a').click()
  expect(new URL(page.url()).searchParams.get('t')).toBe('20')
  await until('the player stands there', async () => ((await videoTime(page)) ?? 0) >= 19.9)
})
