import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Clock } from '#archive/core/clock.ts'
import { createLog } from '#archive/core/log.ts'
import { createFolderStore } from '#archive/storage/folder-store.ts'
import type { MediaStore } from '#archive/storage/media-store.ts'
import { readTimeline } from '#archive/storage/recording-reader.ts'
import { Uploader } from '#archive/worker/uploader.ts'
import { type SpooledRecording, spoolRecording } from '#tests/support/spooled-recording.ts'

let folder: string
let spoolDir: string
let store: MediaStore
const log = createLog('test', 'silent')
const never = new AbortController().signal
let nowMs = Date.UTC(2026, 2, 2, 20)
const clock: Clock = { wallMs: () => nowMs, monotonicMs: () => nowMs }

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemicycle-upload-'))
  spoolDir = join(folder, 'spool')
  store = createFolderStore(join(folder, 'store'))
  nowMs = Date.UTC(2026, 2, 2, 19, 1)
})
afterEach(() => rm(folder, { recursive: true }))

const uploader = (to = store, distanceMs = 0) => new Uploader({ spoolDir, store: to, distanceMs, log }, clock)

async function stored(): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of store.list('')) keys.push(key)
  return keys.toSorted()
}

async function spooled({ recording }: SpooledRecording): Promise<string[]> {
  const entries = await readdir(join(spoolDir, recording), { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name)
}

const names = ({ recording, span }: SpooledRecording, rendition: string, numbers: readonly number[]) =>
  [...numbers.map((n) => `${n}.m4s`), 'init.mp4'].map((name) => `${recording}/${span}/${rendition}/${name}`)

test('while a recording goes on, only what lies far enough behind the live edge is stored, and the spool keeps all', async () => {
  const recording = await spoolRecording(spoolDir, { segments: 6, ended: false })
  await uploader(store, 8000).scan(never)
  expect(await stored()).toEqual([
    ...names(recording, 'audio', [0, 1, 2, 3]),
    ...names(recording, 'source', [0, 1, 2, 3]),
  ])
  expect(await spooled(recording)).toHaveLength(6 * 2 + 2 + 1)
})

test('an ended recording is stored whole, described by its manifest, and its media leaves the spool', async () => {
  const recording = await spoolRecording(spoolDir, { segments: 3, ended: true })
  const before = await readTimeline({ spoolDir, store }, recording.recording)
  const state = await uploader(store, 3_600_000).finalise(recording.recording, never)
  expect(state).toMatchObject({ kind: 'stored', isSpoolNeeded: false })
  const media = [...names(recording, 'audio', [0, 1, 2]), ...names(recording, 'source', [0, 1, 2])]
  expect(await stored()).toEqual([...media, `${recording.recording}/manifest.json`].toSorted())
  expect((await spooled(recording)).toSorted()).toEqual(['journal.jsonl', 'manifest.json'])
  await rm(spoolDir, { recursive: true })
  const after = await readTimeline({ spoolDir, store }, recording.recording)
  expect(after?.spans).toEqual(before?.spans)
})

test('the journal leaves the spool an hour after the end', async () => {
  const recording = await spoolRecording(spoolDir, { segments: 1, ended: true })
  const one = uploader()
  await one.scan(never)
  await one.scan(never)
  expect(await readdir(spoolDir)).toEqual([recording.recording])
  nowMs += 3_700_000
  await one.scan(never)
  expect(await readdir(spoolDir)).toEqual([])
})

test('another process goes on where one was killed: what is stored is checked, what is wrong is sent again', async () => {
  const recording = await spoolRecording(spoolDir, { segments: 3, ended: true })
  const [first = '', second = '', third = ''] = names(recording, 'source', [0, 1, 2])
  const good = await readFile(join(spoolDir, first))
  await store.put(first, good)
  await store.put(second, Buffer.alloc((await readFile(join(spoolDir, second))).length))
  const thirdBytes = await readFile(join(spoolDir, third))
  const puts: string[] = []
  const counting: MediaStore = {
    ...store,
    put: (key, content) => {
      puts.push(key)
      return store.put(key, content)
    },
  }
  await uploader(counting).scan(never)
  expect(puts).not.toContain(first)
  expect(puts).toContain(second)
  expect(await readFile(join(folder, 'store', third))).toEqual(thirdBytes)
  expect(puts.at(-1)).toBe(`${recording.recording}/manifest.json`)
})

test('a file of the spool that differs from its journal is neither stored nor removed', async () => {
  const recording = await spoolRecording(spoolDir, { segments: 2, ended: true })
  const damaged = names(recording, 'source', [1])[0] ?? ''
  await writeFile(join(spoolDir, damaged), 'torn')
  const one = uploader()
  await one.scan(never)
  nowMs += 10 * 3_600_000
  await one.scan(never)
  expect(await stored()).not.toContain(damaged)
  expect(await readFile(join(spoolDir, damaged), 'utf8')).toBe('torn')
})

test('a store that loses bytes keeps everything in the spool until it is sound again', async () => {
  const recording = await spoolRecording(spoolDir, { segments: 2, ended: true })
  let lossy = true
  const unsound: MediaStore = {
    ...store,
    put: (key, content) => store.put(key, lossy && key.endsWith('1.m4s') ? Buffer.from('short') : content),
  }
  const one = uploader(unsound)
  await expect(one.finalise(recording.recording, never)).rejects.toMatchObject({
    code: 'UPLOAD_MISMATCH',
    retryable: true,
  })
  expect(await spooled(recording)).toHaveLength(2 * 2 + 2 + 2)
  expect(await stored()).not.toContain(`${recording.recording}/manifest.json`)
  lossy = false
  await one.scan(never)
  expect((await spooled(recording)).toSorted()).toEqual(['journal.jsonl', 'manifest.json'])
})

test('a recording that was removed leaves nothing, also when its writer was not finished', async () => {
  const recording = await spoolRecording(spoolDir, { segments: 2, ended: true })
  const one = uploader()
  await one.scan(never)
  await one.remove(recording.recording)
  await spoolRecording(spoolDir, { segments: 1, ended: false, recording: recording.recording })
  await one.scan(never)
  expect(await stored()).toEqual([])
  expect(await readdir(spoolDir)).toEqual([])
})
