import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openPage, startBrowser } from '../support/browser.ts'
import { type StampedFeed, startStampedFeed } from './latency-feed.ts'
import { installProbe, latenciesOf, type PageReading, readProbe } from './latency-page.ts'
import { busyShare, machineTime, printTable, quantile, rounded } from './origin-cost.ts'
import { openLiveMeeting } from './origin-stage.ts'

/**
 * Glass to glass: pictures stamped with the wall clock are published by RTMP and read back from the video of the
 * product's own meeting page in Chromium, on the same machine, so that both clocks are one. The encoder's and the
 * decoder's time is within. Prints a table on standard error and one JSON value on standard output.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    ladder: { type: 'string', default: '360p' },
    size: { type: 'string', default: '1280x720' },
    bitrate: { type: 'string', default: '2000000' },
  },
})
const minutes = Number(values.minutes)
const [width = 1280, height = 720] = values.size.split('x').map(Number)
const format = { width, height, framesPerSecond: 25, bitrateBps: Number(values.bitrate) }

async function watch(url: string, origin: string): Promise<PageReading & { errors: readonly string[] }> {
  const browser = await startBrowser()
  try {
    const { page, seen } = await openPage(browser, origin)
    await installProbe(page)
    await page.goto(url, { waitUntil: 'commit' })
    await page.waitForSelector('video')
    // A page may wait for a viewer's press; a muted picture is read as well as any.
    await page.evaluate(async () => {
      const video = document.querySelector('video')
      if (!video) return
      video.muted = true
      await video.play().catch(() => undefined)
    })
    await pause(minutes * 60_000)
    return { ...(await readProbe(page)), errors: seen.errors }
  } finally {
    await browser.close()
  }
}

const feeds: StampedFeed[] = []
const meeting = await openLiveMeeting({
  ladder: values.ladder,
  feed: null,
  onKey: (rtmpUrl) => feeds.push(startStampedFeed(rtmpUrl, format)),
}).catch(async (error: unknown) => {
  for (const feed of feeds) await feed.stop()
  throw error
})
try {
  const before = machineTime()
  const { site } = meeting.product
  const reading = await watch(`${site}/meetings/${meeting.slug}`, site)
  const machineBusy = rounded(busyShare(before, machineTime()))
  const { latenciesMs, unreadable } = latenciesOf(reading)
  const of = (share: number) => quantile(latenciesMs, share)
  const { startupMs, stalls, stalledMs, heights, errors } = reading
  const latency = { medianMs: of(0.5), p95Ms: of(0.95), minMs: of(0), maxMs: of(1) }
  const told = { startupMs, ...latency, stalls, stalledMs, samples: latenciesMs.length, unreadable, heights }
  const result = { ...told, droppedFrames: feeds[0]?.dropped() ?? 0, machineBusy, errors: errors.length }
  const cells = Object.values(result).map((value) => (typeof value === 'object' ? (value?.join(' ') ?? null) : value))
  printTable([Object.keys(result), cells])
  for (const error of new Set(errors.slice(0, 5))) process.stderr.write(`${error}\n`)
  const { ladder, size } = values
  process.stdout.write(`${JSON.stringify({ bench: 'latency', minutes, ladder, size, ...result })}\n`)
} finally {
  for (const feed of feeds) await feed.stop()
  await meeting.close()
}
