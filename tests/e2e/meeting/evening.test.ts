import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MeetingView } from '#archive/domain/meeting-view.ts'
import { reduceJournal } from '#archive/hls/timeline.ts'
import { parseJournal } from '#archive/storage/journal-text.ts'
import { openPage, playsOn, type Seen, startBrowser, videoTime } from '#tests/support/browser.ts'
import type { Encoder } from '#tests/support/encoder.ts'
import { done, type RunningProduct } from '#tests/support/product.ts'
import { markedFeed, readMarker, secondsApart } from '#tests/support/second-hand.ts'
import { planMeeting, planSitting, type Sitting, textFile, untilState, viewOf } from '#tests/support/sitting.ts'
import { Stage } from '#tests/support/stage.ts'
import { until } from '#tests/support/until.ts'

/** The README's; written only when HEMICYCLE_SCREENSHOT is `yes`, so that a test run leaves the tree as it was. */
const screenshotFile = join(import.meta.dirname, '../../../.github/screenshot.png')

const stage = new Stage()
let product: RunningProduct
let browser: Browser
let encoder: Encoder
let council: Sitting
let welfare = ''
let page: Page
let seen: Seen
const pressedAtMs = new Map<string, number>()

const badge = () => page.locator('#notice .badge').textContent()
const currentItem = () => page.locator('#agenda-list [aria-current="true"]').allInnerTexts()
const command = async (slug: string, action: 'start' | 'resume' | 'end') =>
  done(await (await product.operations()).command(slug, action))

async function press(number: string): Promise<void> {
  pressedAtMs.set(number, Date.now())
  done(await (await product.operations()).item(council.slug, number))
}

function spansOf({ recording }: MeetingView) {
  const text = readFileSync(join(product.dataDir, 'spool', recording ?? '', 'journal.jsonl'))
  return reduceJournal(parseJournal(text).events).spans
}

/** The page shows, at MediaTime `seconds`, a picture that was taken at `wallMs`; both within a second. */
async function landsOn(shown: Page, seconds: number, wallMs: number): Promise<void> {
  await playsOn(shown, 0.2)
  const picture = await until('there is a picture', () => readMarker(shown), 20_000)
  const laterS = picture.positionS - seconds
  expect(laterS).toBeGreaterThan(-1)
  expect(laterS).toBeLessThan(6)
  expect(secondsApart(picture.step, wallMs + laterS * 1000)).toBeLessThanOrEqual(1)
}

beforeAll(async () => {
  product = await stage.product()
  council = await planSitting(product, { agenda: ['Opening', 'Mobiliteitsplan voor het centrum', 'Begroting'] })
  const operations = await product.operations()
  const body = done(await operations.addBody({ name: 'Raad voor maatschappelijk welzijn', room: council.room }))
  welfare = (await planMeeting(product, body.slug, { name: 'Welzijnsraad', agenda: ['Opening'] })).slug
  encoder = stage.encoder(product, council.key, markedFeed())
  browser = await startBrowser()
  stage.finally(() => browser.close())
  const opened = await openPage(browser, product.site)
  page = opened.page
  seen = opened.seen
})

afterAll(() => stage.clear())

describe('an evening with two meetings on one encoder', () => {
  it('shows the announced meeting, and plays it from the press on', async () => {
    await until('the encoder serves one of the two', async () =>
      (await (await product.operations()).listMeetings({ when: 'open' })).some(({ state }) => state === 'waiting'),
    )
    await page.goto(`${product.site}/meetings/${council.slug}`)
    expect(await page.locator('video').count()).toBe(0)
    await command(council.slug, 'start')
    await until('the page says live', async () => (await badge()) === 'Live', 20_000)
    await playsOn(page, 2)
  })

  it('highlights an item when it is pressed', async () => {
    await press('1')
    await until('the first item is current', async () => (await currentItem()).join().includes('Opening'))
    await press('2')
    await until('the second item is current', async () => (await currentItem()).join().includes('Mobiliteitsplan'))
    expect(await currentItem()).toHaveLength(1)
    await playsOn(page, 1)
    if (process.env.HEMICYCLE_SCREENSHOT === 'yes') {
      await page.setViewportSize({ width: 1280, height: 800 })
      await page.screenshot({ path: screenshotFile })
    }
  })

  it('says that it is paused, and plays on when it resumes', async () => {
    done(await (await product.operations()).pause(council.slug))
    await until('the page says paused', async () => (await badge()) === 'Geschorst')
    const stoodAt = spansOf(await viewOf(product, council.slug)).length
    await command(council.slug, 'resume')
    await until('the page says live', async () => (await badge()) === 'Live')
    await until('a second span', async () => spansOf(await viewOf(product, council.slug)).length > stoodAt, 20_000)
    await press('3')
    const before = (await videoTime(page)) ?? 0
    await until('the video goes past the pause', async () => ((await videoTime(page)) ?? 0) > before + 3, 40_000)
    expect(await currentItem()).toEqual([expect.stringContaining('Begroting')])
  })

  it('starts the next meeting on the running encoder, with no media of one in the other', async () => {
    await command(council.slug, 'end')
    const endedAtMs = Date.now()
    await until('the page is the replay', async () => (await badge()) === 'Opname', 20_000)
    const next = await openPage(browser, product.site)
    await next.page.goto(`${product.site}/meetings/${welfare}`)
    const startedAtMs = Date.now()
    await command(welfare, 'start')
    await playsOn(next.page, 1)
    expect(next.seen).toEqual({ foreign: [], errors: [] })
    await next.page.close()
    expect(encoder.connections).toBe(1)
    const [first, second] = [await viewOf(product, council.slug), await viewOf(product, welfare)]
    expect(second.recording).not.toBe(first.recording)
    const last = spansOf(first).at(-1)
    expect((last?.wallMs ?? 0) + (last?.end?.durationMs ?? 0)).toBeLessThan(endedAtMs + 500)
    expect(spansOf(second)[0]?.wallMs).toBeGreaterThan(startedAtMs - 500)
    await command(welfare, 'end')
    await untilState(product, welfare, 'published')
  })

  it('plays the replay from a chapter, on the picture of the press', async () => {
    const { chapters } = await viewOf(product, council.slug)
    expect(chapters.map(({ number }) => number)).toEqual(['1', '2', '3'])
    for (const chapter of [chapters[1], chapters[2]]) {
      await page.locator(`#agenda-list a[data-seconds="${chapter?.startSeconds}"]`).first().click()
      await until(
        'it has jumped',
        async () => Math.abs(((await videoTime(page)) ?? 0) - (chapter?.startSeconds ?? 0)) < 3,
      )
      await landsOn(page, chapter?.startSeconds ?? 0, pressedAtMs.get(chapter?.number ?? '') ?? 0)
    }
    expect(await currentItem()).toEqual([expect.stringContaining('Begroting')])
  })

  it('finds an item by its title and lands within a second of its press', async () => {
    const [hit] = await found('mobiliteitsplan', 'item')
    const { chapters } = await viewOf(product, council.slug)
    expect(Math.abs((hit?.startSeconds ?? 0) - (chapters[1]?.startSeconds ?? 0))).toBeLessThanOrEqual(1)
    await followed('mobiliteitsplan', 'item')
    await landsOn(page, chapters[1]?.startSeconds ?? 0, pressedAtMs.get('2') ?? 0)
  })

  it('finds a word of an imported transcript and lands within a second of it', async () => {
    const { chapters } = await viewOf(product, council.slug)
    const saidAtS = (chapters[1]?.startSeconds ?? 0) + 1
    const stamp = (seconds: number) => new Date(seconds * 1000).toISOString().slice(11, 23)
    const captions = `WEBVTT\n\n${stamp(saidAtS)} --> ${stamp(saidAtS + 2)}\nde zonnebloemen in het park\n`
    const file = textFile(product, 'captions.vtt', captions)
    const imported = await product.hemicycle('transcript', 'import', council.slug, file, '--language', 'nl')
    expect(imported).toMatchObject({ language: 'nl', origin: 'imported', cues: 1 })
    const [hit] = await found('zonnebloemen', 'cue')
    expect(Math.abs((hit?.startSeconds ?? 0) - saidAtS)).toBeLessThanOrEqual(1)
    await followed('zonnebloemen', 'cue')
    await landsOn(page, saidAtS, (pressedAtMs.get('2') ?? 0) + 1_000)
    await page.locator('#transcript-box .cue').first().waitFor()
    expect(await page.locator('#transcript-box').textContent()).toContain('de zonnebloemen in het park')
  })

  it('asked nobody else for anything, left no cookie, and met no error', async () => {
    expect(seen).toEqual({ foreign: [], errors: [] })
    expect(await page.context().cookies()).toEqual([])
  })
})

/** What the API finds, as soon as the worker has indexed it. */
function found(word: string, kind: 'item' | 'cue') {
  return until(
    `the search finds ${word}`,
    async () => {
      const { results } = await product.getJson<{ results: { meeting: string; kind: string; startSeconds: number }[] }>(
        `/api/v1/search?q=${word}`,
      )
      const hits = results.filter((result) => result.kind === kind && result.meeting === council.slug)
      return hits.length > 0 ? hits : null
    },
    30_000,
  )
}

/** Searches on the page and follows the result. */
async function followed(word: string, kind: 'item' | 'cue'): Promise<void> {
  await page.goto(`${product.site}/search?q=${word}`)
  await page.locator(`.result[data-kind="${kind}"] a`).first().click()
  await page.waitForURL(/\/meetings\/.*[?&]t=/)
}
