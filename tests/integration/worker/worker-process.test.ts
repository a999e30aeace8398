import { type ChildProcess, fork } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openCatalog } from '#archive/catalog/catalog.ts'
import { saveTranscript } from '#archive/catalog/transcripts.ts'
import { childEnvironment } from '#archive/core/config.ts'
import { newId, type RecordingId } from '#archive/core/ids.ts'
import { FtsReader } from '#archive/search/fts-reader.ts'
import { createFolderStore } from '#archive/storage/folder-store.ts'
import { readTimeline } from '#archive/storage/recording-reader.ts'
import { mediaInventory } from '#archive/worker/media-inventory.ts'
import { spoolRecording } from '#tests/support/spooled-recording.ts'
import { until } from '#tests/support/until.ts'
import { commandOf, press, smallTown, startAction } from '../catalog/small-town.ts'

const file = fileURLToPath(new URL('../../../archive/main.ts', import.meta.url))

let folder: string
const children: ChildProcess[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemicycle-worker-'))
})

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

/** The worker process, when it has said that it is ready. */
async function start(): Promise<ChildProcess> {
  const env = childEnvironment({ HEMICYCLE_DATA: folder, HEMICYCLE_SPEECH_MODEL: '', HEMICYCLE_LOG_LEVEL: 'error' })
  const child = fork(file, [], { execArgv: [], env })
  children.push(child)
  await new Promise<void>((ready, failed) => {
    child.once('message', () => ready())
    child.once('exit', (code) => failed(new Error(`the worker ended with ${code}`)))
  })
  return child
}

function ended(child: ChildProcess): Promise<number | NodeJS.Signals | null> {
  return new Promise((done) => child.once('exit', (code, signal) => done(signal ?? code)))
}

const store = () => createFolderStore(join(folder, 'store'))

async function storedCount(recording: RecordingId): Promise<number> {
  let count = 0
  for await (const _ of store().list(recording)) count++
  return count
}

test('a worker killed in the middle of an upload is followed by one that brings every byte', async () => {
  const spoolDir = join(folder, 'spool')
  const { recording } = await spoolRecording(spoolDir, { segments: 400, ended: true })
  const timeline = await readTimeline({ spoolDir, store: store() }, recording)
  const files = timeline ? mediaInventory(timeline, recording) : []
  expect(files).toHaveLength(802)
  const first = await start()
  await until('some files are stored', async () => (await storedCount(recording)) > 20)
  first.kill('SIGKILL')
  await ended(first)
  const atDeath = await storedCount(recording)
  expect(atDeath).toBeLessThan(803)
  expect(await store().stat(`${recording}/manifest.json`)).toBeNull()
  await start()
  await until('the manifest is stored', () => store().stat(`${recording}/manifest.json`), 60_000)
  expect(await storedCount(recording)).toBe(803)
  await until('the media has left the spool', async () => (await readdir(join(spoolDir, recording))).length <= 3)
  const restored = await readTimeline({ spoolDir: join(folder, 'none'), store: store() }, recording)
  expect(restored?.spans).toEqual(timeline?.spans)
  const wrong = []
  for (const { key, sizeBytes } of files) {
    if ((await store().stat(key))?.sizeBytes !== sizeBytes) wrong.push(key)
  }
  expect(wrong).toEqual([])
})

test('titles, items and words are found, follow publication, and are found again after the index was lost', async () => {
  const catalog = await openCatalog({ file: join(folder, 'catalogue.sqlite') })
  const { meeting, slug } = await smallTown(catalog)
  const reader = new FtsReader({ file: join(folder, 'search.sqlite'), town: catalog.town })
  const found = async (q: string) => {
    const outcome = await reader.query({ q })
    return outcome.ok ? outcome.value.map(({ kind, text }) => `${kind} ${text}`) : []
  }
  const worker = await start()
  await until('the item is found', async () => (await found('mobiliteitsplan')).length === 1)
  await press(catalog, commandOf(meeting, startAction(newId<'recording'>()), Date.now()))
  await press(catalog, commandOf(meeting, { kind: 'end' }, Date.now()))
  const cues = [{ startMs: 1500, endMs: 3000, text: 'een nieuw\nfietspad' }]
  await catalog.write((db) => saveTranscript(db, { meeting, language: 'nl', origin: 'imported', cues, atMs: 1 }))
  await until('the word is found', async () => (await found('nieuw fietspad')).includes('cue een nieuw fietspad'))
  const exit = ended(worker)
  worker.kill('SIGTERM')
  expect(await exit).toBe(0)

  for (const suffix of ['', '-wal', '-shm']) await rm(join(folder, `search.sqlite${suffix}`), { force: true })
  await start()
  await until('the word is found in a new index', async () => (await found('fietspad')).length === 1)
  await press(catalog, commandOf(meeting, { kind: 'unpublish' }, Date.now()))
  await until('the word is hidden with its recording', async () => (await found('fietspad')).length === 0)
  expect(await found('mobiliteitsplan')).toEqual(['item Mobiliteitsplan'])
  expect(slug).toBe('2026-11-23-gemeenteraad')
  reader.close()
  await catalog.close()
})

test('the worker ends when its parent is gone', async () => {
  const worker = await start()
  const exit = ended(worker)
  worker.disconnect()
  expect(await exit).toBe(0)
})
