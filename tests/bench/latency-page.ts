import type { Page } from 'playwright-core'
import { readStamp, stampLayout } from './latency-stamp.ts'

export interface PageReading {
  /** From the start of the navigation to the first picture; null before it. */
  readonly startupMs: number | null
  /** Wall clock at display, and the brightness of the stamp's cells in that picture. */
  readonly pictures: readonly { readonly atMs: number; readonly cells: readonly number[] }[]
  readonly stalls: number
  readonly stalledMs: number
  readonly heights: readonly number[]
}

interface Probe {
  startupMs: number | null
  pictures: { atMs: number; cells: number[] }[]
  stalls: number
  stalledMs: number
  heights: number[]
}

/** Installs a probe that watches whatever video the page shows; to be called before the page is opened. */
export function installProbe(page: Page): Promise<unknown> {
  return page.addInitScript(watchVideo, stampLayout)
}

export function readProbe(page: Page): Promise<PageReading> {
  return page.evaluate(() => (globalThis as unknown as { latencyProbe: Probe }).latencyProbe)
}

/** Latencies in milliseconds of the pictures that could be read, and how many could not. */
export function latenciesOf(reading: PageReading): { latenciesMs: number[]; unreadable: number } {
  const read = reading.pictures.map(({ atMs, cells }) => ({ atMs, stampMs: readStamp(cells) }))
  const latenciesMs = read.flatMap(({ atMs, stampMs }) => (stampMs === null ? [] : [atMs - stampMs]))
  return { latenciesMs, unreadable: read.length - latenciesMs.length }
}

/** Runs in the page. A picture every fifth of a second is read: reading each would cost the decoder its time. */
function watchVideo(layout: typeof stampLayout): void {
  const probe: Probe = { startupMs: null, pictures: [], stalls: 0, stalledMs: 0, heights: [] }
  Object.assign(globalThis, { latencyProbe: probe })
  const canvas = new OffscreenCanvas(layout.cells * 4, 4)
  const context = canvas.getContext('2d', { willReadFrequently: true })
  const watched = new WeakSet<HTMLVideoElement>()
  let readAt = 0

  const readPicture = (video: HTMLVideoElement) => {
    const { videoWidth, videoHeight } = video
    const [width, height] = [layout.cells * layout.cellWidth * videoWidth, layout.cellHeight * videoHeight]
    context?.drawImage(video, 0, 0, width, height, 0, 0, canvas.width, canvas.height)
    const pixels = context?.getImageData(0, 2, canvas.width, 1).data ?? []
    const cells = Array.from({ length: layout.cells }, (_, cell) => pixels[(cell * 4 + 2) * 4 + 1] ?? 0)
    probe.pictures.push({ atMs: Date.now(), cells })
    if (probe.heights.at(-1) !== videoHeight) probe.heights.push(videoHeight)
  }
  const watch = (video: HTMLVideoElement) => {
    let stalledAt = 0
    video.addEventListener('waiting', () => {
      if (probe.startupMs === null || video.seeking) return
      probe.stalls++
      stalledAt = performance.now()
    })
    const onPicture = () => {
      probe.startupMs ??= Math.round(performance.now())
      if (stalledAt > 0) probe.stalledMs += Math.round(performance.now() - stalledAt)
      stalledAt = 0
      if (performance.now() - readAt >= 200) {
        readAt = performance.now()
        readPicture(video)
      }
      video.requestVideoFrameCallback(onPicture)
    }
    video.requestVideoFrameCallback(onPicture)
  }
  setInterval(() => {
    const video = document.querySelector('video')
    if (!video || watched.has(video)) return
    watched.add(video)
    watch(video)
  }, 10)
}
