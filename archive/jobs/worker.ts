import { setTimeout as pause } from 'node:timers/promises'
import type { Catalog } from '../catalog/catalog.ts'
import { claim, complete, extendLease, fail, type Lease, nextDueMs, release } from '../catalog/jobs.ts'
import type { TownDb } from '../catalog/town-db.ts'
import type { Clock } from '../core/clock.ts'
import { AppError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { JobKind, JobPayload } from './job-kind.ts'

export interface JobContext<K extends JobKind> {
  readonly payload: JobPayload[K]
  readonly attempt: number
  /** Aborted when the worker stops or the lease is lost. */
  readonly signal: AbortSignal
  /**
   * Writes effects and marks the job done in one transaction, so that they happen once; call it at most once, last. A
   * handler that does not call it is marked done when it returns: its effects must bear being repeated.
   */
  finish(effects: (db: TownDb) => Promise<void>): Promise<void>
}

export type JobHandler<K extends JobKind> = (job: JobContext<K>) => Promise<void>
export type JobHandlers = { readonly [K in JobKind]?: JobHandler<K> }

export interface WorkerOptions {
  readonly catalog: Catalog
  readonly kinds: JobHandlers
  readonly clock: Clock
  readonly log: Log
  /** How long a worker that died keeps others from its job. */
  readonly leaseMs?: number
}

export interface Worker {
  /** Gives running jobs back (their handlers see the signal) and waits for them. */
  stop(): Promise<void>
}

const usualLeaseMs = 30_000
const pollMs = 100

/** Works off the queue, one job at a time of each kind: hours of speech never hold up a search index. */
export function createWorker(options: WorkerOptions): Worker {
  const stopping = new AbortController()
  const kinds = Object.keys(options.kinds) as JobKind[]
  const lanes = kinds.map((kind) => runLane(options, kind, stopping.signal))
  return {
    async stop() {
      stopping.abort()
      await Promise.all(lanes)
    },
  }
}

async function runLane(options: WorkerOptions, kind: JobKind, stopping: AbortSignal): Promise<void> {
  const { catalog, clock, log, leaseMs = usualLeaseMs } = options
  while (!stopping.aborted) {
    try {
      const seen = catalog.changed()
      const lease = await claimOne(catalog, { kind, nowMs: Math.round(clock.wallMs()), leaseMs })
      if (lease) await runJob(options, lease, stopping)
      else await quiet(options, { kind, seen, stopping })
    } catch (error) {
      // The queue itself cannot be used: another process holds it locked, or the disk is full.
      log.error({ err: error, job: kind }, 'the job queue cannot be used')
      await asleep(pollMs * 10, stopping)
    }
  }
}

// Looking costs a read; only what is due costs the write lock.
async function claimOne(
  catalog: Catalog,
  request: { kind: JobKind; nowMs: number; leaseMs: number },
): Promise<Lease | null> {
  const { kind, nowMs, leaseMs } = request
  const dueMs = await catalog.read((db) => nextDueMs(db, [kind]))
  if (dueMs === null || dueMs > nowMs) return null
  return await catalog.write((db) => claim(db, { kinds: [kind], nowMs, leaseMs }))
}

/** Until somebody writes, or the next job is due. */
async function quiet(
  { catalog, clock }: WorkerOptions,
  { kind, seen, stopping }: { kind: JobKind; seen: number; stopping: AbortSignal },
): Promise<void> {
  const dueMs = await catalog.read((db) => nextDueMs(db, [kind]))
  while (!stopping.aborted && catalog.changed() === seen && clock.wallMs() < (dueMs ?? Number.POSITIVE_INFINITY)) {
    await asleep(pollMs, stopping)
  }
  // A due job whose key runs elsewhere cannot be claimed yet.
  if (dueMs !== null && clock.wallMs() >= dueMs) await asleep(pollMs, stopping)
}

async function runJob(options: WorkerOptions, lease: Lease, stopping: AbortSignal): Promise<void> {
  const { catalog, clock, log } = options
  const { job } = lease
  const lost = new AbortController()
  const signal = AbortSignal.any([stopping, lost.signal])
  const ended = new AbortController()
  const beating = keepLease(options, lease, { lost, ended: ended.signal })
  const nowMs = () => Math.round(clock.wallMs())
  try {
    await handle(options, lease, signal)
  } catch (error) {
    if (lost.signal.aborted) log.warn({ job: job.id, kind: job.kind }, 'another worker has this job')
    else if (stopping.aborted) await catalog.write((db) => release(db, lease, nowMs()))
    else {
      const retryable = !(error instanceof AppError) || error.retryable
      const entry = { err: error, job: job.id, kind: job.kind, attempt: job.attempts, retryable }
      if (retryable) log.warn(entry, 'a job failed and will be tried again')
      else log.error(entry, 'a job failed')
      const message = error instanceof Error ? error.message : String(error)
      await catalog.write((db) => fail(db, lease, { error: message, retryable, nowMs: nowMs() }))
    }
  } finally {
    ended.abort()
    await beating
  }
}

async function handle({ catalog, kinds, clock }: WorkerOptions, lease: Lease, signal: AbortSignal): Promise<void> {
  const { job } = lease
  const handler = kinds[job.kind] as JobHandler<JobKind> | undefined
  if (!handler) throw new AppError('INTERNAL', { message: `There is no handler for ${job.kind}.` })
  let finished = false
  const finish = async (effects: (db: TownDb) => Promise<void>) => {
    await catalog.write(async (db) => {
      await effects(db)
      const isOurs = await complete(db, lease, Math.round(clock.wallMs()))
      if (!isOurs) throw new AppError('JOB_ABANDONED', { message: `The job ${job.id} lost its lease.` })
    })
    finished = true
  }
  await handler({ payload: job.payload as JobPayload[JobKind], attempt: job.attempts, signal, finish })
  if (!finished) await finish(async () => undefined)
}

async function keepLease(
  { catalog, clock, log, leaseMs = usualLeaseMs }: WorkerOptions,
  lease: Lease,
  { lost, ended }: { lost: AbortController; ended: AbortSignal },
): Promise<void> {
  for (;;) {
    await asleep(leaseMs / 3, ended)
    if (ended.aborted) return
    try {
      const isHeld = await catalog.write((db) => extendLease(db, lease, Math.round(clock.wallMs()) + leaseMs))
      if (!isHeld && !ended.aborted) return lost.abort()
    } catch (error) {
      log.warn({ err: error, job: lease.job.id }, 'a lease could not be extended')
    }
  }
}

async function asleep(ms: number, until: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal: until }).catch(() => undefined)
}
