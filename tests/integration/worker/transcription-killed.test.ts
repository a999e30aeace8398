import { type ChildProcess, fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Catalog, openCatalog } from '#archive/catalog/catalog.ts'
import { listJobs } from '#archive/catalog/jobs.ts'
import { cuesOf, transcriptsOf } from '#archive/catalog/transcripts.ts'
import { newId, type RecordingId } from '#archive/core/ids.ts'
import { sourceSpec } from '#tests/support/journal.ts'
import { spoolRecording } from '#tests/support/spooled-recording.ts'
import { until } from '#tests/support/until.ts'
import { commandOf, press, smallTown, startAction } from '../catalog/small-town.ts'

const file = fileURLToPath(new URL('../../support/transcribing-worker.ts', import.meta.url))

let folder: string
let catalog: Catalog
const children: ChildProcess[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemicycle-words-'))
  catalog = await openCatalog({ file: join(folder, 'catalogue.sqlite') })
})

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await catalog.close()
  await rm(folder, { recursive: true, force: true })
})

/** Resolves when the worker has decoded `spoken` of the four words; there it may be told to stand still. */
async function workUntil(spoken: number, holds: boolean): Promise<ChildProcess> {
  const places = [join(folder, 'catalogue.sqlite'), join(folder, 'spool'), join(folder, 'store')]
  const child = fork(file, [...places, holds ? String(spoken) : ''], { execArgv: [] })
  children.push(child)
  await new Promise<void>((done) => {
    child.on('message', (message: { spoken: number }) => {
      if (message.spoken >= spoken) done()
    })
  })
  return child
}

async function publishedMeeting(recording: RecordingId) {
  const { meeting } = await smallTown(catalog)
  await press(catalog, commandOf(meeting, startAction(recording), Date.now()))
  await press(catalog, commandOf(meeting, { kind: 'end' }, Date.now()))
  return meeting
}

test('a worker killed in the middle of a transcription is followed by one that writes exactly one transcript', async () => {
  const recording = newId<'recording'>()
  const meeting = await publishedMeeting(recording)
  await spoolRecording(join(folder, 'spool'), { segments: 4, ended: true, recording, meeting })
  const first = await workUntil(2, true)
  first.kill('SIGKILL')
  expect(await catalog.read((db) => transcriptsOf(db, meeting))).toEqual([])
  await workUntil(4, false)
  const transcripts = await until('a transcript is there', async () => {
    const known = await catalog.read((db) => transcriptsOf(db, meeting))
    return known.length > 0 ? known : null
  })
  expect(transcripts).toMatchObject([{ language: 'nl', origin: 'automatic', reviewed: false }])
  const cues = await catalog.read((db) => cuesOf(db, transcripts[0]?.id ?? ''))
  expect(cues.map(({ text, startMs }) => [text, Math.ceil(startMs / 1000)])).toEqual([
    ['0.1', 3],
    ['0.2', 7],
    ['0.3', 11],
    ['0.4', 15],
  ])
  const jobs = await catalog.read((db) => listJobs(db, ['waiting', 'running', 'poisoned']))
  expect(jobs.filter(({ kind }) => kind === 'transcribe-recording')).toEqual([])
})

test('a meeting whose recording has no sound is left without words and without a waiting job', async () => {
  const recording = newId<'recording'>()
  const meeting = await publishedMeeting(recording)
  const specs = [sourceSpec]
  await spoolRecording(join(folder, 'spool'), { segments: 1, ended: true, recording, meeting, specs })
  const places = [join(folder, 'catalogue.sqlite'), join(folder, 'spool'), join(folder, 'store')]
  children.push(fork(file, places, { execArgv: [] }))
  await until('the job is done', async () => {
    const done = await catalog.read((db) => listJobs(db, ['done']))
    return done.some(({ kind }) => kind === 'transcribe-recording')
  })
  expect(await catalog.read((db) => transcriptsOf(db, meeting))).toEqual([])
})
