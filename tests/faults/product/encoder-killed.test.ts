import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JournalEvent } from '#archive/hls/journal-event.ts'
import type { FeedListener } from '#tests/support/feed-listener.ts'
import { childOf, type Process, stillRuns } from '#tests/support/processes.ts'
import { done, type RunningProduct } from '#tests/support/product.ts'
import { decodeStretch, readMedia, renditionUrl, stretchesOf } from '#tests/support/replay.ts'
import { planSitting, type Sitting, untilState } from '#tests/support/sitting.ts'
import { Stage } from '#tests/support/stage.ts'
import { until } from '#tests/support/until.ts'

type SpanEvent = Extract<JournalEvent, { type: 'span' }>
type SpanEndEvent = Extract<JournalEvent, { type: 'span-end' }>

const stage = new Stage()
let product: RunningProduct
let listener: FeedListener
let sitting: Sitting
let killedAt = 0
let killed: Process

const partsOf = (rendition: string) => listener.parts.filter((part) => part.rendition === rendition)
const spans = () =>
  listener.events.map(({ event }) => event).filter((event): event is SpanEvent => event.type === 'span')
const ends = () =>
  listener.events.map(({ event }) => event).filter((event): event is SpanEndEvent => event.type === 'span-end')
const encodingChild = () => childOf(product.pidOf('live'), 'libx264')
const frameMs = 40

beforeAll(async () => {
  product = await stage.product({ settings: { HEMICYCLE_LADDER: '360p' } })
  listener = stage.listener(product)
  sitting = await planSitting(product)
  stage.encoder(product, sitting.key, { size: '848x480', bitrateBps: 400_000, keyframeSeconds: 1 })
  await untilState(product, sitting.slug, 'waiting')
  done(await (await product.operations()).command(sitting.slug, 'start'))
  await until('both renditions flow', () => partsOf('360p').length >= 5 && partsOf('source').length >= 5, 40_000)
  const found = encodingChild()
  if (!found) throw new Error('live has no encoding child')
  killed = found
  killedAt = performance.now()
  process.kill(killed.pid, 'SIGKILL')
})

afterAll(() => stage.clear())

describe('kill -9 of the encoding ffmpeg', () => {
  it('is followed by a new one within two seconds and a keyframe', async () => {
    const died = listener.parts.length
    const next = await until('another encodes', () => {
      const child = encodingChild()
      return child && child.pid !== killed.pid ? child : null
    })
    expect(performance.now() - killedAt).toBeLessThan(2_500)
    expect(stillRuns(next)).toBe(true)
    const former = spans()[0]?.span
    const encoded = await until('it has made something', () =>
      listener.parts.slice(died).find(({ rendition, span }) => rendition === '360p' && span !== former),
    )
    expect(encoded.independent).toBe(true)
  })

  it('costs the source not one frame', async () => {
    const [first, second] = spans()
    const [end] = ends()
    expect(end).toMatchObject({ span: first?.span, cause: 'encoder-died' })
    const joinedMs = (first?.wallMs ?? 0) + (end?.durationMs ?? 0)
    expect(Math.abs((second?.wallMs ?? 0) - joinedMs)).toBeLessThan(frameMs)
    expect(second?.mediaStartMs).toBe(end?.durationMs)
  })

  it('is a discontinuity of every rendition at the same number, and an incident', async () => {
    await until('the new span has segments', () =>
      partsOf('360p').some(({ span, n }) => span === spans()[1]?.span && n > 0),
    )
    await until('a segment of it is complete', () =>
      listener.events.some(
        ({ event }) => event.type === 'segment' && event.rendition === '360p' && event.span === spans()[1]?.span,
      ),
    )
    const breaks = await Promise.all(
      ['source', '360p', 'audio'].map(async (rendition) => {
        const live = await readMedia(renditionUrl(`${product.site}/live/${sitting.slug}/index.m3u8`, rendition))
        const index = live.segments.findIndex(({ discontinuity }) => discontinuity)
        return index < 0 ? null : live.mediaSequence + index
      }),
    )
    expect(breaks[0]).not.toBeNull()
    expect(breaks).toEqual([breaks[0], breaks[0], breaks[0]])
    const incidents = await until('the incident is written', async () => {
      const found = await product.incidents(sitting.slug)
      return found.length > 0 ? found : null
    })
    expect(incidents.map(({ code }) => code)).toEqual(['LADDER_ENCODER_DIED'])
  })

  it('leaves a replay of which every frame of the source decodes', async () => {
    done(await (await product.operations()).command(sitting.slug, 'end'))
    const view = await untilState(product, sitting.slug, 'published')
    const address = renditionUrl(new URL(view.replay?.hls ?? '', product.site).href, 'source')
    const playlist = await until('the replay is whole', async () => {
      const read = await readMedia(address).catch(() => null)
      return read?.ended ? read : null
    })
    const stretches = stretchesOf(playlist)
    expect(stretches).toHaveLength(2)
    for (const stretch of stretches) {
      expect(await decodeStretch(address, stretch)).toEqual({
        frames: Math.round((stretch.durationS * 1000) / frameMs),
        complaints: '',
      })
    }
  })
})
