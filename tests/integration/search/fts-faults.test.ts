import { mkdtemp, open, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FtsIndex } from '#archive/search/fts-index.ts'
import { FtsReader } from '#archive/search/fts-reader.ts'
import type { SearchDocument } from '#archive/search/search-index.ts'

let folder: string
let file: string
let index: FtsIndex
let reader: FtsReader

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemicycle-search-'))
  file = join(folder, 'search.sqlite')
  index = new FtsIndex({ file, town: 'here' })
  reader = new FtsReader({ file, town: 'here' })
})

afterEach(async () => {
  index.close()
  reader.close()
  await rm(folder, { recursive: true })
})

const document: SearchDocument = {
  meeting: 'raad',
  title: 'Raad',
  plannedAtMs: 0,
  items: [{ text: 'Zwembad', startSeconds: 1 }],
  cues: [],
}

test('a missing index is refused with its code, and answers as soon as it exists', async () => {
  expect(await reader.query({ q: 'zwembad' })).toMatchObject({ ok: false, code: 'SEARCH_INDEX_MISSING' })
  expect(await index.prepare()).toBe('empty')
  await index.replaceMeeting(document)
  expect(await reader.query({ q: 'zwembad' })).toMatchObject({ ok: true, value: [{ text: 'Zwembad' }] })
})

test('an index that was never confirmed starts over, a confirmed one is kept', async () => {
  await index.prepare()
  await index.replaceMeeting(document)
  expect(await index.prepare()).toBe('empty')
  expect(await index.query({ q: 'zwembad' })).toEqual({ ok: true, value: [] })
  await index.replaceMeeting(document)
  await index.confirm()
  expect(await index.prepare()).toBe('ready')
  expect(await index.query({ q: 'zwembad' })).toMatchObject({ ok: true, value: [{ text: 'Zwembad' }] })
})

test('an index overwritten with rubbish is refused with its code, and the next prepare builds a new one', async () => {
  await index.prepare()
  await index.confirm()
  index.close()
  const size = (await stat(file)).size
  const handle = await open(file, 'r+')
  await handle.write(Buffer.alloc(size, 0x5a), 0, size, 0)
  await handle.close()
  await rm(`${file}-wal`, { force: true })
  expect(await reader.query({ q: 'zwembad' })).toMatchObject({ ok: false, code: 'SEARCH_INDEX_CORRUPT' })
  expect(await index.prepare()).toBe('empty')
  await index.replaceMeeting(document)
  expect(await reader.query({ q: 'zwembad' })).toMatchObject({ ok: true, value: [{ text: 'Zwembad' }] })
})

test('a writer whose file was taken away says so instead of writing into nothing', async () => {
  await index.prepare()
  await rm(file)
  await expect(index.replaceMeeting(document)).rejects.toMatchObject({ code: 'SEARCH_INDEX_MISSING' })
})

test('a word in every one of 20,000 cues is answered as fast as a rare one', async () => {
  await index.prepare()
  const cues = Array.from({ length: 20_000 }, (_, at) => ({
    text: at === 40 ? 'de zeldzame vleermuis' : 'de raad is het eens over de begroting',
    language: 'nl',
    startSeconds: at,
  }))
  await index.replaceMeeting({ ...document, cues })
  const timed = async (q: string) => {
    const startedAt = performance.now()
    const outcome = await reader.query({ q })
    return { found: outcome.ok ? outcome.value.length : outcome.code, ms: performance.now() - startedAt }
  }
  await timed('de')
  const common = await timed('de')
  expect(common.found).toBe(20)
  expect((await timed('vleermuis')).found).toBe(1)
  expect(common.ms).toBeLessThan(250)
})
