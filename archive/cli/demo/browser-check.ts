import { type Browser, chromium, type Page } from 'playwright-core'
import { AppError } from '../../core/errors.ts'
import type { HeldDemo } from './demo.ts'

type Print = (line: string) => void

const browserFile = '/usr/bin/chromium'
const launchOptions = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--autoplay-policy=no-user-gesture-required',
]
/** A link to a moment lands this close to it. */
const toleranceS = 1
const deadlineMs = 45_000

/** Sees the meeting live in a browser: the picture moves, and the item that was pressed is marked. */
export async function checkLiveInBrowser(meeting: { url: string }, print: Print): Promise<void> {
  await inBrowser(async (browser) => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(meeting.url)
    await plays(page, 'the live stream plays')
    print('checked: the live stream plays')
    await seen(page, 'the current item is marked', '#agenda-list [data-item][aria-current="true"]')
    print('checked: the current item is marked')
  })
}

/** Sees the replay, a chapter, the captions, and the way from a search to the second. @throws AppError DEMO_FAILED. */
export async function checkInBrowser(demo: HeldDemo, print: Print): Promise<void> {
  await inBrowser(async (browser) => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(demo.url)
    await plays(page, 'the replay plays')
    print('checked: the replay plays')
    const chapter = page.locator('#agenda-list a[data-seconds]').nth(2)
    await until('the chapters stand beside the player', async () => {
      if (await chapter.isVisible()) return true
      await page.reload()
      return false
    })
    const start = Number(await chapter.getAttribute('data-seconds'))
    await chapter.click()
    await lands(page, 'a chapter is jumped to', start)
    print(`checked: a chapter plays from ${start.toFixed(1)} s`)
    if (demo.transcript !== 'none') await captions(page, print)
    await search(page, demo, { word: demo.words.title, kind: 'item' }, print)
    if (demo.words.spoken) await search(page, demo, { word: demo.words.spoken, kind: 'cue' }, print)
  })
}

async function captions(page: Page, print: Print): Promise<void> {
  await seen(page, 'the transcript stands beside the player', '#transcript-box .cue')
  const count = await until('the captions are loaded', () =>
    page.evaluate(() => {
      const track = [...(document.querySelector('video')?.textTracks ?? [])].find(
        ({ kind }) => kind === 'captions' || kind === 'subtitles',
      )
      if (track && track.mode === 'disabled') track.mode = 'hidden'
      return track?.cues?.length ?? 0
    }),
  )
  print(`checked: the captions have ${count} cues`)
}

async function search(
  page: Page,
  demo: HeldDemo,
  wanted: { word: string; kind: 'item' | 'cue' },
  print: Print,
): Promise<void> {
  const address = `${demo.site}/search?q=${encodeURIComponent(wanted.word)}`
  const result = page.locator(`.result[data-kind="${wanted.kind}"] a[href*="t="]`).first()
  await until(`the search finds "${wanted.word}"`, async () => {
    await page.goto(address)
    return result.isVisible()
  })
  const href = (await result.getAttribute('href')) ?? ''
  const seconds = Number(new URL(href, demo.site).searchParams.get('t'))
  await result.click()
  await plays(page, 'the moment that was found plays')
  await lands(page, `the search lands on ${seconds} s`, seconds, 6)
  print(`checked: the search finds "${wanted.word}" and lands on ${seconds} s`)
}

/** The picture moves: the position grows by two seconds. */
async function plays(page: Page, what: string): Promise<void> {
  const first = await until(what, () =>
    page.evaluate(async () => {
      const video = document.querySelector('video')
      if (video?.paused) await video.play().catch(() => undefined)
      return video && video.readyState >= 2 ? { at: video.currentTime } : null
    }),
  )
  await until(what, () => page.evaluate((at) => (document.querySelector('video')?.currentTime ?? 0) > at + 2, first.at))
}

/** `sinceS`: playback may have gone on for this long since the jump. */
async function lands(page: Page, what: string, seconds: number, sinceS = 3): Promise<void> {
  await until(what, () =>
    page.evaluate(
      ({ low, high }) => {
        const at = document.querySelector('video')?.currentTime ?? -1
        return at >= low && at <= high
      },
      { low: seconds - toleranceS, high: seconds + toleranceS + sinceS },
    ),
  )
}

async function seen(page: Page, what: string, selector: string): Promise<void> {
  await until(what, () => page.locator(selector).first().isVisible())
}

async function inBrowser(work: (browser: Browser) => Promise<void>): Promise<void> {
  const browser = await chromium.launch({ executablePath: browserFile, args: launchOptions })
  try {
    await work(browser)
  } finally {
    await browser.close()
  }
}

async function until<T>(what: string, condition: () => Promise<T>): Promise<NonNullable<T>> {
  const end = performance.now() + deadlineMs
  for (;;) {
    const value = await condition()
    if (value) return value
    if (performance.now() > end)
      throw new AppError('DEMO_FAILED', { message: `Waited ${deadlineMs / 1000} s in vain: ${what}.` })
    await new Promise((wake) => setTimeout(wake, 200))
  }
}
