import { type Browser, chromium, type Page } from 'playwright-core'

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
  /** Console errors and uncaught exceptions. */
  readonly errors: string[]
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
  return { page, seen }
}

/** Position of the page's video in seconds, or null where there is none yet. */
export function videoTime(page: Page): Promise<number | null> {
  return page.evaluate(() => document.querySelector('video')?.currentTime ?? null)
}
