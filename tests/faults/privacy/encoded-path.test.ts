import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CounterEvening } from '#tests/support/counter-evening.ts'
import { unitName } from '#tests/support/counter-marker.ts'
import { collectFromEdge, type EdgeCollector } from '#tests/support/edge-collector.ts'
import { unitsInMemory } from '#tests/support/marker-search.ts'
import { descendantsOf } from '#tests/support/processes.ts'
import { Stage } from '#tests/support/stage.ts'
import { numbersIn } from '#tests/support/strip-reader.ts'
import { until } from '#tests/support/until.ts'

/** The same with an encoder in the way: what it was given is read from the strip in its pictures. */
const stage = new Stage()
let evening: CounterEvening
let live: EdgeCollector
const inPrograms: string[] = []
let searched = 0

/** Pids of whatever live has started: encoders and the listener. */
const programs = () => descendantsOf(evening.product.pidOf('live')).map(({ pid }) => pid)

function lookIntoPrograms(): void {
  const forbidden = evening.forbidden()
  for (const pid of programs()) {
    const units = unitsInMemory(pid)
    searched += units.size
    inPrograms.push(...forbidden.filter(({ name }) => units.has(name)).map(({ name }) => name))
  }
}

beforeAll(async () => {
  evening = await CounterEvening.begin(stage, { settings: { HEMICYCLE_LADDER: '360p' } })
  const { product, sitting, feed } = evening
  live = collectFromEdge(`${product.site}/live/${sitting.slug}/index.m3u8`)
  await evening.sends(1)
  await evening.open('start')
  await evening.isCaptured(3)
  await until('the ladder is encoded', () => encodedFiles().length >= 2, 20_000)
  await evening.shut('closed')
  await evening.sends(2)
  lookIntoPrograms()
  feed.hold()
  await until('five seconds are held back', () => feed.heldMs > 5_000)
  await evening.open('resume')
  feed.release(4)
  await evening.isCaptured(3)
  lookIntoPrograms()
  // An encoder that is full of pictures: it is stopped, and the shutting finds everything it has not read.
  for (const pid of programs()) process.kill(pid, 'SIGSTOP')
  await evening.sends(0.5)
  await evening.shut('pause')
  await evening.sends(0.3)
  for (const pid of programs()) process.kill(pid, 'SIGCONT')
  await evening.sends(2)
  await evening.open('resume')
  await evening.isCaptured(3)
  await evening.shut('end')
  await evening.sends(1)
  await live.stop()
}, 240_000)

afterAll(() => stage.clear())

/** Where media lives; the worker takes what has ended from the first to the second, and only then out of the first. */
const places = () =>
  ['spool', 'store'].map((name) => join(evening.product.dataDir, name)).filter((path) => existsSync(path))

/** Folders of the 360p rendition, one a span, relative to their place. */
function encodedFolders(): string[] {
  const paths = places().flatMap((place) => readdirSync(place, { recursive: true, encoding: 'utf8' }))
  return [...new Set(paths.filter((path) => path.endsWith('/360p')))]
}

function segmentsOf(folder: string): string[] {
  const names = places()
    .map((place) => join(place, folder))
    .filter((path) => existsSync(path))
    .flatMap((path) => readdirSync(path))
  return [...new Set(names.filter((name) => /^\d+\.m4s/.test(name)))]
}

function encodedFiles(): string[] {
  return encodedFolders().flatMap(segmentsOf)
}

function bytesOf(path: string): Buffer {
  const [first = '', ...others] = places().map((place) => join(place, path))
  try {
    return readFileSync(first)
  } catch {
    return readFileSync(others[0] ?? first)
  }
}

function mediaOf(folder: string): Buffer {
  const segments = segmentsOf(folder).sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
  return Buffer.concat(['init.mp4', ...segments].map((name) => bytesOf(join(folder, name))))
}

function forbiddenNumbers(): Set<number> {
  const pictures = evening.forbidden().filter(({ kind }) => kind === 'video')
  return new Set(pictures.map(({ number }) => number % evening.clip.pictures))
}

describe('what an encoder was given', () => {
  it('is read back from its pictures: three spans, each without a hole', async () => {
    const spans = await Promise.all(encodedFolders().map(async (folder) => numbersIn(mediaOf(folder))))
    const filled = spans.filter((numbers) => numbers.length > 0)
    expect(filled.length).toBeGreaterThanOrEqual(3)
    expect(filled.flat().length).toBeGreaterThan(150)
    for (const numbers of filled) {
      const first = numbers[0] ?? 0
      expect(numbers).toEqual(numbers.map((_, index) => first + index))
    }
  })

  it('has none of what was sent while the meeting was closed or paused, or was in store from then', async () => {
    const forbidden = forbiddenNumbers()
    expect(forbidden.size).toBeGreaterThan(150)
    for (const folder of encodedFolders()) {
      const numbers = await numbersIn(mediaOf(folder))
      expect(numbers.filter((number) => forbidden.has(number))).toEqual([])
    }
  })

  it('was not in what viewers got', async () => {
    const forbidden = forbiddenNumbers()
    const media = live.media('360p')
    const init = (url: string) => media.find((one) => one.url === new URL('init.mp4', url).href)?.bytes
    let seen = 0
    for (const { url, bytes } of media.filter((one) => !one.url.endsWith('init.mp4'))) {
      const head = init(url)
      if (!head) continue
      const numbers = await numbersIn(Buffer.concat([head, bytes]))
      seen += numbers.length
      expect(
        numbers.filter((number) => forbidden.has(number)),
        url,
      ).toEqual([])
    }
    expect(seen).toBeGreaterThan(50)
  })

  it('never reached the memory of ffmpeg, neither of the encoder nor of the listener for silence', () => {
    expect(searched).toBeGreaterThan(0)
    expect(inPrograms).toEqual([])
  })

  it('is in no file under its marker either', async () => {
    const kept = await evening.keptUnits()
    expect(evening.forbidden().filter(({ name }) => kept.has(name))).toEqual([])
    const captured = evening.feed.sent.filter(({ kind, number }) => kept.has(unitName(kind, number)))
    expect(captured.length).toBeGreaterThan(300)
  })
})
