import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Encoder } from '#tests/support/encoder.ts'
import { done, type RunningProduct } from '#tests/support/product.ts'
import { planSitting, type Sitting, untilState, viewOf } from '#tests/support/sitting.ts'
import { Stage } from '#tests/support/stage.ts'
import { until } from '#tests/support/until.ts'
import { readTrack } from '../../../transcode/mp4/track-reader.ts'
import { judgeAll } from '../../conformance/all-checks.ts'
import { decoded } from '../../conformance/decoding.ts'
import { probe } from '../../conformance/prober.ts'
import type { Session } from '../../conformance/session.ts'
import { httpTransport } from '../../conformance/transport.ts'

const stage = new Stage()
let product: RunningProduct
let encoder: Encoder
let sitting: Sitting
let url = ''

const playlist = async (name = 'source') => (await fetch(`${product.site}/live/${sitting.slug}/${name}.m3u8`)).text()
const press = async (action: 'start' | 'pause' | 'closed' | 'resume' | 'end') =>
  done(await (await product.operations()).command(sitting.slug, action))

/** Span ids in the order of the playlist. */
function spansIn(text: string): string[] {
  const spans = [...text.matchAll(/\/media\/[^/]+\/([^/]+)\/[^/]+\/\d+(?:\.\d+)?\.m4s/g)].map(([, span = '']) => span)
  return spans.filter((span, i) => span !== spans[i - 1])
}

/** The spans of which media is listed. */
const listedSpans = async () => spansIn((await playlist()).replace(/#EXT-X-PRELOAD-HINT.*/, ''))
const newestSpan = async () => (await listedSpans()).at(-1)

/** The span that follows this one. */
async function untilAnotherSpan(than: string | undefined, deadlineMs = 20_000): Promise<string> {
  return until(
    'another span is listed',
    async () => {
      const spans = await listedSpans()
      const at = spans.indexOf(than ?? '')
      return at < 0 ? null : spans[at + 1]
    },
    deadlineMs,
  )
}

async function fetchMedia(path: string): Promise<{ status: number; body: Uint8Array }> {
  const response = await fetch(`${product.site}${path}`)
  return { status: response.status, body: new Uint8Array(await response.arrayBuffer()) }
}

function urisIn(text: string, span: string): { map: string; segments: string[]; parts: string[] } {
  const own = text.split('\n').filter((line) => line.includes(`/${span}/`))
  return {
    map: /URI="([^"]+)"/.exec(own.find((line) => line.startsWith('#EXT-X-MAP')) ?? '')?.[1] ?? '',
    segments: own.filter((line) => line.startsWith('/media/')),
    parts: own.filter((line) => line.startsWith('#EXT-X-PART:')).map((line) => /URI="([^"]+)"/.exec(line)?.[1] ?? ''),
  }
}

/**
 * What names the next part or counts on it: where the encoder falls silent or a button is pressed something else comes next,
 * and a segment that was to be longer has ended. The wait for a new part is judged by itself.
 */
const breakable = ['hint-comes-true', 'hint-delivered', 'part-too-far', 'new-part-in-time']

beforeAll(async () => {
  product = await stage.product()
  sitting = await planSitting(product, { name: "Raad van d'Itter: 100%" })
  encoder = stage.encoder(product, sitting.key)
  await untilState(product, sitting.slug, 'waiting')
  await press('start')
  url = `${product.site}/live/${sitting.slug}/index.m3u8`
  await until('media', async () => (await fetch(url)).ok, 30_000)
})

afterAll(() => stage.clear())

describe('the stream of a meeting', () => {
  let session: Promise<Session>
  let first: string | undefined
  let slate = ''

  it('goes on with a slate while the meeting is paused, that decodes in every rendition', async () => {
    const transport = httpTransport()
    session = probe(url, 40, transport).then(async (seen) => {
      const all = await decoded(seen)
      transport.close()
      return all
    })
    first = await newestSpan()
    await press('pause')
    slate = await untilAnotherSpan(first)
    for (const name of ['source', 'audio']) {
      const text = await until('a segment of the slate', async () => {
        const listed = await playlist(name)
        return urisIn(listed, slate).segments.length > 0 ? listed : null
      })
      const { map, segments, parts } = urisIn(text, slate)
      const init = await fetchMedia(map)
      const segment = await fetchMedia(segments[0] ?? '')
      expect([init.status, segment.status]).toEqual([200, 200])
      const { samples } = readTrack(init.body, segment.body)
      const lasts = samples.reduce((sum, { durationTicks }) => sum + durationTicks, 0)
      const { timescale } = readTrack(init.body, segment.body).init
      expect(lasts / timescale).toBeCloseTo(4, 1)
      const ofFirst = parts.filter((part) => part.startsWith((segments[0] ?? '').replace('m4s', '')))
      const joined = await Promise.all(ofFirst.map(async (part) => (await fetchMedia(part)).body))
      expect(Buffer.compare(Buffer.concat(joined), segment.body)).toBe(0)
    }
  })

  it('shows the room again when the meeting is resumed', async () => {
    await press('resume')
    const second = await untilAnotherSpan(slate)
    const text = await playlist()
    expect(spansIn(text).slice(0, 3)).toEqual([first, slate, second])
    expect(text.match(/#EXT-X-DISCONTINUITY$/gm)).toHaveLength(2)
  })

  it('goes on with a slate while the encoder is away, and with the room when it is back', async () => {
    const room = await newestSpan()
    await encoder.stop()
    const interrupted = await untilAnotherSpan(room)
    encoder = stage.encoder(product, sitting.key)
    const back = await untilAnotherSpan(interrupted)
    expect(new Set([first, slate, room, interrupted, back]).size).toBe(5)
  })

  it('keeps every rule of low-latency HLS through all of that', async () => {
    const failed = judgeAll(await session).filter(({ verdict }) => verdict === 'failed')
    const others = failed.filter(({ id }) => !breakable.includes(id))
    expect(others).toEqual([])
  })

  it('is never without a new part for as long as a player holds back', async () => {
    const late = judgeAll(await session).find(({ id }) => id === 'new-part-in-time')
    expect(late?.seen).toBeGreaterThan(150)
    const waitsMs = late?.violations.map((violation) => Number(/(\d+) ms until/.exec(violation)?.[1])) ?? []
    for (const ms of waitsMs) expect(ms).toBeLessThan(1260)
  })

  it('goes on with a slate after kill -9 of live in a closed session, and keeps what it had shown', async () => {
    await press('closed')
    const shown = await untilAnotherSpan(await newestSpan())
    const before = await until('a segment of the slate', async () => {
      const text = await playlist()
      return urisIn(text, shown).segments.length > 0 ? text : null
    })
    const [segment = ''] = urisIn(before, shown).segments
    const bytes = (await fetchMedia(segment)).body
    process.kill(product.pidOf('live'), 'SIGKILL')
    await untilAnotherSpan(shown, 30_000)
    const segmentsOf = (text: string) => text.split('\n').filter((line) => line.startsWith('/media/'))
    const kept = segmentsOf(before)
    expect(segmentsOf(await playlist()).slice(0, kept.length)).toEqual(kept)
    expect(Buffer.compare((await fetchMedia(segment)).body, bytes)).toBe(0)
  })

  it('leaves no slate in the replay', async () => {
    await press('resume')
    await untilAnotherSpan(await newestSpan())
    await press('end')
    await untilState(product, sitting.slug, 'published')
    const { replay, durationSeconds } = await until('the last span is written down', async () => {
      const view = await viewOf(product, sitting.slug)
      return view.durationSeconds === null ? null : view
    })
    const text = await until('the replay', async () => {
      const response = await fetch(`${product.site}${(replay?.hls ?? '').replace('index', 'source')}`)
      return response.ok ? response.text() : null
    })
    expect(spansIn(text)).toContain(first)
    expect(spansIn(text)).not.toContain(slate)
    const listedS = [...text.matchAll(/#EXTINF:([\d.]+)/g)].reduce((sum, [, s]) => sum + Number(s), 0)
    expect(listedS).toBeCloseTo(durationSeconds ?? 0, 0)
  })
})
