import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CounterEvening } from '#tests/support/counter-evening.ts'
import type { SentUnit } from '#tests/support/counter-feed.ts'
import { unitsIn } from '#tests/support/counter-marker.ts'
import { collectFromEdge, type EdgeCollector } from '#tests/support/edge-collector.ts'
import { unitsInFolder, unitsInMemory } from '#tests/support/marker-search.ts'
import { planMeeting, untilState } from '#tests/support/sitting.ts'
import { Stage } from '#tests/support/stage.ts'
import { until } from '#tests/support/until.ts'

/** waiting, live, paused, live, closed (with a reconnection and ten seconds held back), live, ended, the next meeting. */
const stage = new Stage()
let evening: CounterEvening
let first: EdgeCollector
let second: EdgeCollector
let next = ''
let firstRecording = ''
let nextRecording = ''
const remembered = new Map<string, { sentBytes: number; foundBytes: number }>()
/** Of libuv, which nobody can wipe. */
const oneReading = 65_536

/** What *live* has in its memory, freed memory included, of units that it must not have. */
function lookIntoMemory(when: string): void {
  const units = unitsInMemory(evening.product.pidOf('live'))
  const forbidden = evening.forbidden()
  const bytesOf = (some: readonly SentUnit[]) => some.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const found = forbidden.filter(({ name }) => units.has(name))
  remembered.set(when, { sentBytes: bytesOf(forbidden), foundBytes: bytesOf(found) })
}

beforeAll(async () => {
  evening = await CounterEvening.begin(stage)
  const { product, sitting, feed } = evening
  first = collectFromEdge(`${product.site}/live/${sitting.slug}/index.m3u8`)
  await evening.sends(3)
  lookIntoMemory('waiting')
  await evening.open('start')
  await evening.isCaptured()
  await evening.shut('pause')
  await evening.sends(3)
  lookIntoMemory('paused')
  await evening.open('resume')
  await evening.isCaptured()
  await evening.shut('closed')
  await evening.sends(3)
  lookIntoMemory('closed')
  feed.disconnect()
  await feed.connect()
  await evening.sends(2)
  feed.hold()
  await until('ten seconds are held back', () => feed.heldMs > 10_000, 15_000)
  await evening.open('resume')
  feed.release()
  await evening.isCaptured()
  await evening.shut('end')
  firstRecording = (await untilState(product, sitting.slug, 'published')).recording ?? ''
  await evening.sends(2)
  const planned = await planMeeting(product, sitting.body, { name: 'Vervolg', agenda: ['Begroting'] })
  next = planned.slug
  second = collectFromEdge(`${product.site}/live/${next}/index.m3u8`)
  await evening.open('start', next)
  await evening.isCaptured()
  await evening.shut('end', next)
  nextRecording = (await untilState(product, next, 'published')).recording ?? ''
  await evening.sends(1)
  await first.stop()
  await second.stop()
  await fetchReplay(firstRecording)
  await fetchReplay(nextRecording)
}, 240_000)

afterAll(() => stage.clear())

let replayed: EdgeCollector[] = []

async function fetchReplay(recording: string): Promise<void> {
  const collector = collectFromEdge(`${evening.product.site}/media/${recording}/index.m3u8`)
  await until('the replay is fetched', () => collector.units.size > 0, 15_000)
  await collector.stop()
  replayed = [...replayed, collector]
}

const names = (units: readonly SentUnit[]) => units.map(({ name }) => name)

describe('what was sent while nothing may be captured', () => {
  it('is there to be found: pictures and sounds of every stretch, by the hundred', async () => {
    const forbidden = evening.forbidden()
    expect(forbidden.filter(({ kind }) => kind === 'video').length).toBeGreaterThan(300)
    expect(forbidden.filter(({ kind }) => kind === 'audio').length).toBeGreaterThan(500)
    const kept = await evening.keptUnits()
    const captured = evening.feed.sent.filter(({ name }) => kept.has(name))
    expect(captured.filter(({ kind }) => kind === 'video').length).toBeGreaterThan(200)
    expect(captured.filter(({ kind }) => kind === 'audio').length).toBeGreaterThan(300)
  })

  it('is in no file: spool, store, journal, catalogue, search index, state', async () => {
    const forbidden = new Set(names(evening.forbidden()))
    const leaks = [...(await unitsInFolder(evening.product.dataDir))].flatMap(([file, units]) =>
      units.filter((unit) => forbidden.has(unit)).map((unit) => `${unit} in ${file}`),
    )
    expect(leaks).toEqual([])
  })

  it('is in nothing that was served, live or afterwards', () => {
    const forbidden = evening.forbidden()
    const collectors = [first, second, ...replayed].map((collector, index) => ({ index, units: collector.units }))
    for (const { index, units } of collectors) {
      expect.soft(units.size, `collector ${index}`).toBeGreaterThan(50)
      expect(names(forbidden.filter(({ name }) => units.has(name)))).toEqual([])
    }
  })

  it('is in no line of the log', () => {
    expect(evening.product.log()).not.toBe('')
    expect(unitsIn(Buffer.from(evening.product.log()))).toEqual([])
  })

  it('is not in the memory of the edge, the site or the worker', () => {
    for (const name of ['edge', 'site', 'worker'] as const) {
      const units = unitsInMemory(evening.product.pidOf(name))
      expect(names(evening.forbidden().filter((unit) => units.has(unit.name)))).toEqual([])
    }
  })

  it('is overwritten in the memory of live, but for what one reading of the socket may leave in freed memory', () => {
    for (const [when, { sentBytes, foundBytes }] of remembered) {
      expect(sentBytes, when).toBeGreaterThan(200_000)
      expect.soft(foundBytes, when).toBeLessThanOrEqual(oneReading)
    }
  })
})

describe('what was captured', () => {
  it('is whole between its first picture and the shutting: no hole hides in the proof', async () => {
    const kept = await evening.keptUnits()
    const numbers = evening.feed.sent
      .filter(({ kind, name }) => kind === 'video' && kept.has(name))
      .map((u) => u.number)
    const holes = numbers.slice(1).filter((number, index) => number !== (numbers[index] ?? 0) + 1)
    // Four stretches: after the start, after the pause, after the closed session, of the next meeting.
    expect(holes).toHaveLength(3)
  })

  it('of one meeting is never in the recording of the other', async () => {
    const inRecording = async (recording: string) => {
      const files = [...(await unitsInFolder(evening.product.dataDir))].filter(([file]) => file.includes(recording))
      return new Set(files.flatMap(([, units]) => units))
    }
    const [one, other] = [await inRecording(firstRecording), await inRecording(nextRecording)]
    expect(one.size).toBeGreaterThan(100)
    expect(other.size).toBeGreaterThan(100)
    expect([...one].filter((unit) => other.has(unit))).toEqual([])
  })
})
