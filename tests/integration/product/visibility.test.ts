import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Encoder } from '#tests/support/encoder.ts'
import type { FeedListener } from '#tests/support/feed-listener.ts'
import { done, type RunningProduct } from '#tests/support/product.ts'
import { planMeeting, planSitting, type Sitting, untilState, viewOf } from '#tests/support/sitting.ts'
import { Stage } from '#tests/support/stage.ts'
import { until } from '#tests/support/until.ts'

const stage = new Stage()
let product: RunningProduct
let listener: FeedListener
let encoder: Encoder
let press: Sitting
/** Addresses of what was captured of the meeting, by kind. */
let media: Record<string, string> = {}

beforeAll(async () => {
  product = await stage.product()
  listener = stage.listener(product)
  press = await planSitting(product, { name: 'Persdienst', kind: 'press' })
})
afterAll(() => stage.clear())

const pages = (slug: string) => ({
  page: `/meetings/${slug}`,
  api: `/api/v1/meetings/${slug}`,
  live: `/live/${slug}/index.m3u8`,
  liveRendition: `/live/${slug}/source.m3u8`,
})

async function statuses(slug: string): Promise<Record<string, number>> {
  const entries = Object.entries({ ...pages(slug), ...media })
  const answers = entries.map(async ([kind, path]) => [kind, (await fetch(`${product.site}${path}`)).status] as const)
  return Object.fromEntries(await Promise.all(answers))
}

/** Every kind of address answers as the state asks, within a second of the press (and of the first segment). */
async function expectWalk(slug: string, wanted: Record<string, number>, deadlineMs = 1_000): Promise<void> {
  const expected = JSON.stringify(wanted)
  await until(
    'every address answers as it should',
    async () => JSON.stringify(await statuses(slug)) === expected,
    deadlineMs,
  )
    // The comparison below says what differs.
    .catch(() => undefined)
  expect(await statuses(slug)).toEqual(wanted)
}

async function mediaOf(slug: string): Promise<typeof media> {
  const { recording } = await viewOf(product, slug)
  const segment = await until(
    'a segment is complete',
    () => listener.events.find((heard) => heard.recording === recording && heard.event.type === 'segment')?.event,
    20_000,
  )
  if (segment.type !== 'segment') throw new Error('not a segment')
  const folder = `/media/${recording}/${segment.span}/${segment.rendition}`
  return {
    replay: `/media/${recording}/index.m3u8`,
    replayRendition: `/media/${recording}/source.m3u8`,
    init: `${folder}/init.mp4`,
    segment: `${folder}/${segment.n}.m4s`,
  }
}

const announced = { page: 200, api: 200, live: 404, liveRendition: 404 }
const streaming = { page: 200, api: 200, live: 200, liveRendition: 200 }
const hidden = { replay: 404, replayRendition: 404, init: 404, segment: 404 }
const liveMedia = { replay: 404, replayRendition: 404, init: 200, segment: 200 }
const replayed = { replay: 200, replayRendition: 200, init: 200, segment: 200 }

describe('what the public port answers of a meeting of the press office', () => {
  it('scheduled, and waiting with the encoder sending: the page alone', async () => {
    await expectWalk(press.slug, announced)
    encoder = stage.encoder(product, press.key)
    await untilState(product, press.slug, 'waiting')
    await expectWalk(press.slug, announced)
  })

  it('live, paused, closed and live again: stream and segments, no replay', async () => {
    const operations = await product.operations()
    done(await operations.command(press.slug, 'start'))
    media = await mediaOf(press.slug)
    await expectWalk(press.slug, { ...streaming, ...liveMedia }, 5_000)
    done(await operations.pause(press.slug))
    await expectWalk(press.slug, { ...streaming, ...liveMedia })
    done(await operations.command(press.slug, 'closed'))
    await expectWalk(press.slug, { ...streaming, ...liveMedia })
    done(await operations.command(press.slug, 'resume'))
    await expectWalk(press.slug, { ...streaming, ...liveMedia })
  })

  it('ended and not published: the page alone, and the API names no address', async () => {
    done(await (await product.operations()).command(press.slug, 'end'))
    await untilState(product, press.slug, 'ended')
    await expectWalk(press.slug, { ...announced, ...hidden })
    const view = await product.getJson<{ state: string; live: null; replay: null }>(`/api/v1/meetings/${press.slug}`)
    expect(view).toMatchObject({ state: 'ended', live: null, replay: null })
  })

  it('published, unpublished and published again: the replay comes and goes', async () => {
    const operations = await product.operations()
    done(await operations.command(press.slug, 'publish'))
    await expectWalk(press.slug, { ...streaming, ...replayed })
    done(await operations.command(press.slug, 'unpublish'))
    await expectWalk(press.slug, { ...announced, ...hidden })
    done(await operations.command(press.slug, 'publish'))
    await expectWalk(press.slug, { ...streaming, ...replayed })
    const view = await product.getJson<{ replay: { hls: string } }>(`/api/v1/meetings/${press.slug}`)
    expect(view.replay.hls).toBe(media.replay)
  })

  it('started by mistake: what was captured is gone for good, and the page waits again', async () => {
    const operations = await product.operations()
    const { slug } = await planMeeting(product, press.body, { name: 'Vergissing', agenda: [] })
    await untilState(product, slug, 'waiting')
    done(await operations.command(slug, 'start'))
    media = {}
    media = await mediaOf(slug)
    done(await operations.command(slug, 'started-by-mistake'))
    const gone = { replay: 410, replayRendition: 410, init: 410, segment: 410 }
    await expectWalk(slug, { ...announced, ...gone })
    expect(await viewOf(product, slug)).toMatchObject({ state: 'waiting', recording: null, chapters: [] })
    expect(encoder.connections).toBe(1)
  })

  it('an address that never was, and tricks with one that is: nothing', async () => {
    const { recording } = await viewOf(product, press.slug)
    const odd = [
      '/live/no-such-meeting/index.m3u8',
      '/media/00000000000000000000000000/index.m3u8',
      `/media/${recording}/../../catalogue.sqlite`,
      `/media/${recording}/%2e%2e/journal.jsonl`,
      `/media/${recording}/journal.jsonl`,
      `/media/${recording}/manifest.json`,
    ]
    const answers = await Promise.all(odd.map(async (path) => (await fetch(`${product.site}${path}`)).status))
    expect(answers).toEqual(odd.map(() => 404))
  })
})
