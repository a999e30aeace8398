import { join } from 'node:path'
import { expect, test } from 'vitest'
import { listAudit } from '#archive/catalog/audit.ts'
import type { Catalog } from '#archive/catalog/catalog.ts'
import { claim, complete, enqueue, extendLease, fail, listJobs, nextDueMs, release } from '#archive/catalog/jobs.ts'
import { type MeetingId, newId } from '#archive/core/ids.ts'
import { mostAttempts, retryDelayMs } from '#archive/jobs/job-kind.ts'
import { run } from './processes.ts'
import { openForTest, temporaryFolder } from './small-town.ts'

const kinds = ['index-meeting'] as const

async function put(catalog: Catalog, key: string, options: { priority?: number; runAfterMs?: number } = {}) {
  const payload = { meeting: key as MeetingId }
  return await catalog.write((db) => enqueue(db, { kind: 'index-meeting', key, payload, nowMs: 0, ...options }))
}

async function take(catalog: Catalog, nowMs = 0, leaseMs = 1_000) {
  const lease = await catalog.write((db) => claim(db, { kinds, nowMs, leaseMs }))
  return lease
}

async function taken(catalog: Catalog, nowMs = 0) {
  const lease = await take(catalog, nowMs)
  if (!lease) throw new Error('no job was due')
  return lease
}

test('jobs are taken by priority, then by age, when they are due', async () => {
  const catalog = await openForTest()
  await put(catalog, 'later', { runAfterMs: 500 })
  await put(catalog, 'usual')
  await put(catalog, 'urgent', { priority: 5 })
  const keys = [(await take(catalog))?.job.key, (await take(catalog))?.job.key, await take(catalog)]
  expect(keys).toEqual(['urgent', 'usual', null])
  expect((await take(catalog, 500))?.job.key).toBe('later')
})

test('one job of a key waits at most, and what is enqueued while it runs waits until it is done', async () => {
  const catalog = await openForTest()
  expect([await put(catalog, 'a'), await put(catalog, 'a')]).toEqual([true, false])
  const lease = await taken(catalog)
  expect(await put(catalog, 'a')).toBe(true)
  expect(await take(catalog)).toBeNull()
  expect(await catalog.write((db) => complete(db, lease, 1))).toBe(true)
  expect((await take(catalog))?.job.key).toBe('a')
})

test('a job is enqueued exactly if what it follows from is committed', async () => {
  const catalog = await openForTest()
  const attempt = catalog.write(async (db) => {
    await enqueue(db, { kind: 'index-meeting', key: 'a', payload: { meeting: newId() }, nowMs: 0 })
    throw new Error('no')
  })
  await expect(attempt).rejects.toThrow('no')
  expect(await take(catalog)).toBeNull()
})

test('a lapsed lease passes to another worker, and who lost it can neither extend nor complete', async () => {
  const catalog = await openForTest()
  await put(catalog, 'a')
  const first = await taken(catalog)
  expect(await take(catalog, 1_000)).toBeNull()
  expect(await take(catalog, 1_001)).toBeNull()
  const second = await taken(catalog, 1_001 + retryDelayMs(1))
  expect(second.job.attempts).toBe(2)
  const late = await catalog.write(async (db) => [await extendLease(db, first, 9_000), await complete(db, first, 2)])
  expect(late).toEqual([false, false])
  expect(await catalog.write((db) => complete(db, second, 2))).toBe(true)
})

test('an extended lease holds', async () => {
  const catalog = await openForTest()
  await put(catalog, 'a')
  const lease = await taken(catalog)
  expect(await catalog.write((db) => extendLease(db, lease, 60_000))).toBe(true)
  expect(await catalog.read((db) => nextDueMs(db, kinds))).toBe(60_000)
  expect(await take(catalog, 30_000)).toBeNull()
})

test('a failure is tried again after longer and longer delays, and set aside after the last', async () => {
  const catalog = await openForTest()
  await put(catalog, 'a')
  let nowMs = 0
  const delays: number[] = []
  for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
    const lease = await taken(catalog, nowMs)
    await catalog.write((db) => fail(db, lease, { error: `attempt ${attempt}`, retryable: true, nowMs }))
    const dueMs = await catalog.read((db) => nextDueMs(db, kinds))
    if (dueMs !== null) delays.push(dueMs - nowMs)
    nowMs = dueMs ?? nowMs
  }
  expect(delays).toEqual([2_000, 8_000, 32_000, 128_000, 512_000, 2_048_000, 3_600_000])
  const aside = await catalog.read((db) => listJobs(db, ['poisoned']))
  expect(aside.map(({ key, lastError }) => [key, lastError])).toEqual([['a', 'attempt 8']])
})

test('a failure that cannot heal is set aside at once', async () => {
  const catalog = await openForTest()
  await put(catalog, 'a')
  const lease = await taken(catalog)
  await catalog.write((db) => fail(db, lease, { error: 'no such model', retryable: false, nowMs: 0 }))
  expect((await catalog.read((db) => listJobs(db, ['poisoned']))).length).toBe(1)
})

test('a failed job whose successor waits leaves the work to it', async () => {
  const catalog = await openForTest()
  await put(catalog, 'a')
  const lease = await taken(catalog)
  await put(catalog, 'a')
  await catalog.write((db) => fail(db, lease, { error: 'no', retryable: true, nowMs: 0 }))
  expect((await catalog.read((db) => listJobs(db, ['waiting', 'running']))).length).toBe(1)
})

test('a job that is given back is due at once and has lost no attempt', async () => {
  const catalog = await openForTest()
  await put(catalog, 'a')
  const lease = await taken(catalog)
  await catalog.write((db) => release(db, lease, 5))
  expect((await take(catalog, 5))?.job.attempts).toBe(1)
})

test('three worker processes do each of two hundred jobs once, although one dies in the middle', async () => {
  const file = join(temporaryFolder(), 'catalogue.sqlite')
  const catalog = await openForTest({ file })
  const jobs = 200
  for (let at = 0; at < jobs; at += 1) await put(catalog, `job-${at}`)
  await Promise.all(['steady', 'dying', 'steady'].map((mode) => run('work.ts', [file, mode])))
  const effects = await catalog.read((db) => listAudit(db, 10_000))
  expect(effects.length).toBe(jobs)
  expect(new Set(effects.map(({ subject }) => subject)).size).toBe(jobs)
  expect((await catalog.read((db) => listJobs(db, ['waiting', 'running', 'poisoned']))).length).toBe(0)
})
