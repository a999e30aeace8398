import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startBrowser } from '../../support/browser.ts'
import { type EveningSlugs, seedEvening } from '../../support/site-evening.ts'
import { buildSite, type SiteStand, startSiteStand } from '../../support/site-stand.ts'

const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const weightBeforePlayer = 100_000

let stand: SiteStand
let browser: Browser
let slugs: EveningSlugs

beforeAll(async () => {
  await buildSite()
  stand = await startSiteStand(async (town) => {
    slugs = await seedEvening(town)
  })
  stand.setLiveSegments(10)
  browser = await startBrowser()
})

afterAll(async () => {
  await browser.close()
  await stand.close()
})

const pages: Readonly<Record<string, () => string>> = {
  'the home page': () => '/',
  'the home page in German': () => '/de',
  'an announced meeting': () => `/meetings/${slugs.scheduled}`,
  'a live meeting': () => `/meetings/${slugs.live}`,
  'a paused meeting in English': () => `/en/meetings/${slugs.paused}`,
  'a closed session in French': () => `/fr/meetings/${slugs.closed}`,
  'a replay': () => `/meetings/${slugs.replay}`,
  'a replay in French': () => `/fr/meetings/${slugs.replay}`,
  'an ended meeting that is not published': () => `/meetings/${slugs.unpublished}`,
  'a cancelled meeting': () => `/meetings/${slugs.cancelled}`,
  'a transcript': () => `/meetings/${slugs.replay}/transcript`,
  'search results': () => '/search?q=ieperstraat',
  'a search that finds nothing': () => '/en/search?q=xyzzy',
  'a page that does not exist': () => '/fr/nowhere',
}

interface Visit {
  readonly page: Page
  /** Console errors and uncaught exceptions; a refusal by the content security policy is one. */
  readonly errors: string[]
  readonly foreign: string[]
  close(): Promise<void>
}

async function visit(path: string, look: { width: number; scheme: 'light' | 'dark' }): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: look.width, height: 800 }, colorScheme: look.scheme })
  const page = await context.newPage()
  const errors: string[] = []
  const foreign: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('console', (line) => {
    if (line.type() === 'error' && !line.text().includes('status of 404')) errors.push(line.text())
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(stand.origin) && !/^(data|blob):/.test(request.url())) foreign.push(request.url())
  })
  await page.goto(`${stand.origin}${path}`)
  if ((await page.locator('#stage-tools').count()) > 0 && (await page.locator('#stage-tools').isVisible())) {
    await page.locator('media-controller').waitFor()
  }
  return { page, errors, foreign, close: () => context.close() }
}

describe.each(Object.keys(pages))('%s', (name) => {
  const path = () => pages[name]?.() ?? '/'

  test.each([
    { width: 360, scheme: 'light' },
    { width: 1440, scheme: 'dark' },
  ] as const)('has no accessibility fault at $width px, $scheme', async (look) => {
    const { page, errors, foreign, close } = await visit(path(), look)
    const { violations } = await new AxeBuilder({ page }).withTags(standards).analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 160))])).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    expect(errors).toEqual([])
    expect(foreign).toEqual([])
    expect(await page.context().cookies()).toEqual([])
    await close()
  })
})

test.each(['the home page', 'a replay', 'search results'])(
  '%s weighs less than 100 kB before the player',
  async (name) => {
    const html: Response = await fetch(`${stand.origin}${pages[name]?.()}`)
    const text: string = await html.text()
    const files = [...text.matchAll(/(?:href|src)="(\/_astro\/[^"]+|\/favicon\.svg)"/g)].map(([, file]) => file)
    expect(files.length).toBeGreaterThan(1)
    let bytes = Buffer.byteLength(text)
    for (const file of files) bytes += (await (await fetch(`${stand.origin}${file}`)).arrayBuffer()).byteLength
    expect(bytes).toBeLessThan(weightBeforePlayer)
  },
)

test('the policy allows nothing inline and nobody else', async () => {
  const policy = (await fetch(`${stand.origin}/meetings/${slugs.replay}`)).headers.get('content-security-policy') ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).not.toContain('unsafe')
  expect(policy).not.toMatch(/https?:/)
})

test('without JavaScript agenda, state, stream link and transcript can be read', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(`${stand.origin}/meetings/${slugs.replay}`)
  expect(await page.locator('#notice').textContent()).toContain('Opname van maandag 24 november 2025')
  expect(await page.locator('.agenda-item').count()).toBe(7)
  expect(await page.locator('#stream-link').getAttribute('href')).toMatch(/^\/media\/[0-9a-z]{26}\/index\.m3u8$/)
  expect(await page.locator('.without-script').isVisible()).toBe(true)
  await page.locator('#transcript-link').click()
  expect(await page.locator('.passage').first().textContent()).toContain('Goedenavond, ik open de vergadering.')
  expect(await page.locator('.origin-mark').textContent()).toBe('Automatisch, niet nagekeken')
  await context.close()
})

test('the keyboard reaches the content, the agenda and the player', async () => {
  const { page, close } = await visit(`/meetings/${slugs.replay}`, { width: 1440, scheme: 'light' })
  await page.keyboard.press('Tab')
  expect(await page.evaluate(() => document.activeElement?.className)).toBe('skip-link')
  const reached = new Set<string>()
  for (let press = 0; press < 40; press++) {
    await page.keyboard.press('Tab')
    reached.add(await page.evaluate(() => document.activeElement?.id || document.activeElement?.localName || ''))
  }
  expect([...reached]).toEqual(
    expect.arrayContaining(['agenda', 'share', 'media-play-button', 'media-captions-menu-button', 'transcript-box']),
  )
  await close()
})
