import { afterAll, beforeAll, expect, test } from 'vitest'
import { readWebVtt } from '#archive/captions/webvtt.ts'
import { type EveningSlugs, seedEvening } from '../../support/site-evening.ts'
import { buildSite, type SiteStand, startSiteStand } from '../../support/site-stand.ts'

let stand: SiteStand
let slugs: EveningSlugs

beforeAll(async () => {
  await buildSite()
  stand = await startSiteStand(async (town) => {
    slugs = await seedEvening(town)
  })
})

afterAll(() => stand.close())

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${stand.origin}${path}`, { headers, redirect: 'manual' })

test('a meeting has the keys that others script against', async () => {
  const response = await get(`/api/v1/meetings/${slugs.replay}`)
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
  const view = (await response.json()) as Record<string, unknown>
  expect(view).toMatchObject({
    slug: slugs.replay,
    title: 'Gemeenteraad van november',
    body: 'gemeenteraad',
    live: null,
  })
  expect(view.state).toBe('published')
  expect(view.replay).toEqual({ hls: expect.stringMatching(/^\/media\/[0-9a-z]{26}\/index\.m3u8$/) })
  expect(view.chapters).toHaveLength(3)
  expect((view.chapters as unknown[])[1]).toEqual({
    itemId: expect.any(String),
    number: '3.1',
    title: 'Fietsstraat in de Ieperstraat tussen de Dorpsstraat en het stationsplein',
    startSeconds: 20.5,
    endSeconds: 36,
    startedAt: '2025-11-24T18:31:20.500Z',
  })
})

test('the list, the transcript and the search have theirs', async () => {
  const { meetings } = (await (await get('/api/v1/meetings')).json()) as { meetings: { slug: string }[] }
  expect(meetings.map(({ slug }) => slug)).toEqual(expect.arrayContaining(Object.values(slugs)))
  const transcript = (await (await get(`/api/v1/meetings/${slugs.replay}/transcript`)).json()) as { cues: unknown[] }
  expect(transcript).toMatchObject({ language: 'nl', origin: 'automatic' })
  expect(transcript.cues[0]).toEqual({ startSeconds: 0, endSeconds: 3.5, text: 'Goedenavond, ik open de vergadering.' })
  const { results } = (await (await get('/api/v1/search?q=leegstaande')).json()) as { results: { kind: string }[] }
  expect(results.map(({ kind }) => kind).sort()).toEqual(['cue', 'item'])
  expect(results.find(({ kind }) => kind === 'item')).toMatchObject({ meeting: slugs.replay, startSeconds: 36 })
  expect(await (await get('/api/v1/search?q=')).json()).toEqual({ results: [] })
})

test.each([
  ['/api/v1/meetings/nowhere', 'MEETING_NOT_FOUND'],
  ['/api/v1/meetings/nowhere/transcript', 'MEETING_NOT_FOUND'],
  ['/api/v1/nonsense', 'NOT_FOUND'],
  ['/meetings/nowhere/captions.vtt', 'MEETING_NOT_FOUND'],
])('%s is refused with the code %s', async (path, code) => {
  const response = await get(path)
  expect(response.status).toBe(404)
  expect(await response.json()).toEqual({ code, message: expect.any(String), hint: expect.any(String) })
})

test('captions and chapters are WebVTT that our own reader takes', async () => {
  const captions = await get(`/meetings/${slugs.replay}/captions.vtt?language=nl`)
  expect(captions.headers.get('content-type')).toBe('text/vtt; charset=utf-8')
  const read = readWebVtt(await captions.text())
  expect(read.ok && read.value).toHaveLength(8)
  const chapters = readWebVtt(await (await get(`/meetings/${slugs.replay}/chapters.vtt`)).text())
  expect(chapters.ok && chapters.value[0]).toEqual({
    startMs: 3600,
    endMs: 20_500,
    text: '1. Notulen van de vorige zitting',
  })
})

test("the town's own language has one address, the others theirs, and each names all", async () => {
  const moved = await get(`/nl/meetings/${slugs.replay}?t=5`)
  expect([moved.status, moved.headers.get('location')]).toEqual([301, `/meetings/${slugs.replay}?t=5`])
  expect((await get('/nl//evil.example')).headers.get('location')).toBe('/evil.example')
  const french = await (await get(`/fr/meetings/${slugs.replay}`)).text()
  expect(french).toContain('<html lang="fr">')
  expect(french).toContain(`<h1 lang="nl">Gemeenteraad van november</h1>`)
  for (const language of ['fr', 'de', 'en']) {
    expect(french).toContain(`hreflang="${language}" href="${stand.origin}/${language}/meetings/${slugs.replay}"`)
  }
  expect(french).toContain(`hreflang="nl" href="${stand.origin}/meetings/${slugs.replay}"`)
})

test('pages that do not exist say so in the language asked for', async () => {
  const response = await get('/de/nirgendwo')
  expect(response.status).toBe(404)
  expect(await response.text()).toContain('Diese Seite gibt es nicht')
})

test('client files come compressed and for ever, pages compressed and never stale', async () => {
  const html = await get('/', { 'accept-encoding': 'gzip' })
  expect(html.headers.get('content-encoding')).toBe('gzip')
  expect(html.headers.get('cache-control')).toContain('must-revalidate')
  const css = /href="(\/_astro\/[^"]+\.css)"/.exec(await html.text())?.[1] ?? ''
  const file = await get(css, { 'accept-encoding': 'br' })
  expect(file.headers.get('content-encoding')).toBe('br')
  expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(await file.text()).toContain('--paper')
})

test('markup in a title stays text', async () => {
  const { slug } = await addMeeting('<img src=x onerror=alert(1)></script>')
  const text = await (await get(`/meetings/${slug}`)).text()
  expect(text).toContain('<h1 lang="nl">&lt;img src=x onerror=alert(1)&gt;&lt;/script&gt;</h1>')
  expect(/id="page-data">([^<]*)<\/script>/.exec(text)?.[1]).toContain('\\u003cimg src=x')
})

async function addMeeting(title: string): Promise<{ slug: string }> {
  const added = await stand.town.operations.addMeeting({
    body: 'gemeenteraad',
    title,
    at: '2026-12-24T19:30',
    agenda: [],
  })
  if (!added.ok) throw new Error(added.message)
  return added.value
}
