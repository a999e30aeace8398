import { type Browser, chromium, type Page } from 'playwright-core'
import { until } from './until.ts'

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
]

/** Debian's Chromium, headless, kept from calling anybody by itself. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: quiet })
}

export interface Seen {
  /** Addresses asked for outside `origin`. */
  readonly foreign: string[]
  /** Console errors, uncaught exceptions and refused requests. */
  readonly errors: string[]
}

/** Presses play where playing did not begin by itself, and waits until the picture has moved on by `seconds`. */
export async function playsOn(page: Page, seconds: number, deadlineMs = 30_000): Promise<void> {
  let from: number | null = null
  await until(
    `the video plays on by ${seconds} s`,
    async () => {
      const at = await page.evaluate(async () => {
        const video = document.querySelector('video')
        if (!video || video.readyState < 2) return null
        if (video.paused) await video.play().catch(() => undefined)
        return video.currentTime
      })
      from ??= at
      return at !== null && from !== null && at >= from + seconds
    },
    deadlineMs,
  )
}

/** A page that remembers what it should not have done. */
export async function openPage(browser: Browser, origin: string): Promise<{ page: Page; seen: Seen }> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'nl-BE' })
  const seen: Seen = { foreign: [], errors: [] }
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(origin) && !/^(data|blob):/.test(url)) seen.foreign.push(url)
  })
  page.on('pageerror', (error) => seen.errors.push(String(error)))
  page.on('console', (message) => {
    // Failed answers are named below, with their address.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load')) seen.errors.push(message.text())
  })
  page.on('response', (response) => {
    const { pathname } = new URL(response.url())
    // A live playlist that is not there yet is asked for again.
    if (/^\/live\/[^/]+\/index\.m3u8$/.test(pathname)) return
    if (response.status() >= 400) seen.errors.push(`${response.status()} ${pathname}`)
  })
  return { page, seen }
}

/** Position of the page's video in seconds, or null where there is none yet. */
export function videoTime(page: Page): Promise<number | null> {
  return page.evaluate(() => document.querySelector('video')?.currentTime ?? null)
}
