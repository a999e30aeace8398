import { expect, onTestFinished, test } from 'vitest'
import { addAudit, listAudit } from '#archive/catalog/audit.ts'
import type { Catalog } from '#archive/catalog/catalog.ts'
import { claim, enqueue, listJobs } from '#archive/catalog/jobs.ts'
import { systemClock } from '#archive/core/clock.ts'
import { AppError } from '#archive/core/errors.ts'
import type { MeetingId, RecordingId } from '#archive/core/ids.ts'
import { createLog } from '#archive/core/log.ts'
import { createWorker, type JobHandlers } from '#archive/jobs/worker.ts'
import { until } from '../../support/until.ts'
import { openForTest } from './small-town.ts'

function work(catalog: Catalog, kinds: JobHandlers, leaseMs = 5_000) {
  const log = createLog('test', 'silent')
  const worker = createWorker({ catalog, kinds, clock: systemClock(), log, leaseMs })
  onTestFinished(() => worker.stop())
  return worker
}

async function put(catalog: Catalog, key: string) {
  const payload = { meeting: key as MeetingId }
  await catalog.write((db) => enqueue(db, { kind: 'index-meeting', key, payload, nowMs: Date.now() }))
}

async function jobsIn(catalog: Catalog, state: 'waiting' | 'running' | 'done' | 'poisoned') {
  return await catalog.read((db) => listJobs(db, [state]))
}

test('a job put into the queue while the worker is idle is done soon', async () => {
  const catalog = await openForTest()
  const done: string[] = []
  work(catalog, { 'index-meeting': async ({ payload }) => void done.push(payload.meeting) })
  await put(catalog, 'a')
  await until('the job is done', async () => (await jobsIn(catalog, 'done')).length === 1)
  expect(done).toEqual(['a'])
})

test('effects and completion are one transaction: what throws in it leaves neither', async () => {
  const catalog = await openForTest()
  work(catalog, {
    'index-meeting': ({ payload, finish }) =>
      finish(async (db) => {
        await addAudit(db, { atMs: 0, by: 'worker', action: 'half', subject: payload.meeting })
        throw new Error('disk full')
      }),
  })
  await put(catalog, 'a')
  const [job] = await until('the job has failed', async () => {
    const waiting = await jobsIn(catalog, 'waiting')
    return waiting[0]?.lastError ? waiting : null
  })
  expect([job?.lastError, job?.attempts]).toEqual(['disk full', 1])
  expect(await catalog.read((db) => listAudit(db))).toEqual([])
})

test('an error that cannot heal sets the job aside', async () => {
  const catalog = await openForTest()
  work(catalog, {
    'index-meeting': async () => {
      throw new AppError('SPEECH_MODEL_INCOMPLETE')
    },
  })
  await put(catalog, 'a')
  await until('the job is set aside', async () => (await jobsIn(catalog, 'poisoned')).length === 1)
  expect((await jobsIn(catalog, 'poisoned'))[0]?.lastError).toBe('A file of the speech model is missing.')
})

test('a long job of one kind does not hold up another kind, and is given back when the worker stops', async () => {
  const catalog = await openForTest()
  const untilAborted = (signal: AbortSignal) =>
    new Promise<void>((_done, failed) => signal.addEventListener('abort', () => failed(new Error('stopped'))))
  const worker = work(catalog, {
    'transcribe-recording': ({ signal }) => untilAborted(signal),
    'index-meeting': async () => undefined,
  })
  const payload = { meeting: 'm' as MeetingId, recording: 'r' as RecordingId }
  await catalog.write((db) => enqueue(db, { kind: 'transcribe-recording', key: 't', payload, nowMs: Date.now() }))
  await until('it is being transcribed', async () => (await jobsIn(catalog, 'running')).length === 1)
  await put(catalog, 'a')
  await until('the index is up to date', async () => (await jobsIn(catalog, 'done')).length === 1)
  await worker.stop()
  expect((await jobsIn(catalog, 'waiting')).map(({ kind, attempts }) => [kind, attempts])).toEqual([
    ['transcribe-recording', 0],
  ])
})

test('a job that outlasts its lease keeps it', async () => {
  const catalog = await openForTest()
  const leaseMs = 300
  const startedMs = performance.now()
  work(
    catalog,
    {
      'index-meeting': async ({ finish }) => {
        await until('three leases have passed', () => performance.now() - startedMs > 3 * leaseMs)
        await finish(async () => undefined)
      },
    },
    leaseMs,
  )
  await put(catalog, 'a')
  await until('the job is done', async () => (await jobsIn(catalog, 'done')).length === 1)
  expect((await jobsIn(catalog, 'done'))[0]?.attempts).toBe(1)
})

test('a job that another process left behind is taken over when its lease has lapsed', async () => {
  const catalog = await openForTest()
  await put(catalog, 'a')
  await catalog.write((db) => claim(db, { kinds: ['index-meeting'], nowMs: Date.now(), leaseMs: 200 }))
  work(catalog, { 'index-meeting': async () => undefined })
  await until('the job is done', async () => (await jobsIn(catalog, 'done')).length === 1)
  expect((await jobsIn(catalog, 'done'))[0]?.attempts).toBe(2)
})
