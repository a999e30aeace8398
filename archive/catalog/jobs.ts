import { type JobId, newId } from '../core/ids.ts'
import { type JobKind, type JobPayload, mostAttempts, retryDelayMs } from '../jobs/job-kind.ts'
import type { JobTable } from './tables.ts'
import type { TownDb } from './town-db.ts'

export interface NewJob<K extends JobKind = JobKind> {
  readonly kind: K
  /** At most one job of a key waits, and at most one runs. */
  readonly key: string
  readonly payload: JobPayload[K]
  /** Higher first; 0 when absent. */
  readonly priority?: number
  /** At once when absent. */
  readonly runAfterMs?: number
  readonly nowMs: number
}

export interface Job {
  readonly id: JobId
  readonly kind: JobKind
  readonly key: string
  readonly payload: unknown
  readonly state: JobTable['state']
  readonly attempts: number
  readonly runAfterMs: number
  readonly lastError: string | null
}

/** Holds a job for a while; whoever lost the lease may write nothing more in its name. */
export interface Lease {
  readonly job: Job
  readonly lease: string
}

/**
 * Within the caller's transaction: the job exists exactly if what it follows from was committed. False when one of the
 * key waits already (one that runs does not count: what it read may be out of date).
 */
export async function enqueue<K extends JobKind>(db: TownDb, job: NewJob<K>): Promise<boolean> {
  const { kind, key, payload, priority = 0, nowMs, runAfterMs = nowMs } = job
  const { numInsertedOrUpdatedRows: added } = await db.sql
    .insertInto('job')
    .values({
      id: newId<'job'>(),
      kind,
      key,
      payload_json: JSON.stringify(payload),
      priority,
      state: 'waiting',
      run_after_ms: runAfterMs,
      attempts: 0,
      lease: null,
      leased_until_ms: null,
      last_error: null,
      created_at_ms: nowMs,
      finished_at_ms: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  return Boolean(added)
}

/** The next due job of these kinds, leased to the caller; null when there is none. Jobs of lapsed leases are taken back first. */
export async function claim(
  db: TownDb,
  request: { kinds: readonly JobKind[]; nowMs: number; leaseMs: number },
): Promise<Lease | null> {
  const { kinds, nowMs, leaseMs } = request
  await takeBackLapsed(db, nowMs)
  const running = db.sql.selectFrom('job as other').select('other.key').where('other.state', '=', 'running')
  const row = await db.sql
    .selectFrom('job')
    .selectAll()
    .where('state', '=', 'waiting')
    .where('kind', 'in', kinds)
    .where('run_after_ms', '<=', nowMs)
    .where('key', 'not in', running)
    .orderBy('priority', 'desc')
    .orderBy('run_after_ms')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  if (!row) return null
  const lease = newId<'lease'>()
  const attempts = row.attempts + 1
  await db.sql
    .updateTable('job')
    .set({ state: 'running', lease, leased_until_ms: nowMs + leaseMs, attempts })
    .where('id', '=', row.id)
    .execute()
  return { job: jobOf({ ...row, state: 'running', attempts }), lease }
}

/** False: the lease is lost, and the work with it. */
export async function extendLease(db: TownDb, lease: Lease, untilMs: number): Promise<boolean> {
  return await changeHeld(db, lease, { leased_until_ms: untilMs })
}

/** In the transaction that writes the job's effects: false means that another worker has them, so roll back. */
export async function complete(db: TownDb, lease: Lease, nowMs: number): Promise<boolean> {
  const held = await changeHeld(db, lease, { state: 'done', finished_at_ms: nowMs, lease: null, leased_until_ms: null })
  if (held) await forgetEarlier(db, lease.job)
  return held
}

// Of a key the last success is kept: the table grows with the meetings, not with the presses.
async function forgetEarlier(db: TownDb, job: Job): Promise<void> {
  await db.sql
    .deleteFrom('job')
    .where('key', '=', job.key)
    .where('state', '=', 'done')
    .where('id', '!=', job.id)
    .execute()
}

/** Tries again later, or sets the job aside (`poisoned`) after the last attempt or when it can never succeed. */
export async function fail(
  db: TownDb,
  lease: Lease,
  failure: { error: string; retryable: boolean; nowMs: number },
): Promise<void> {
  if (!(await changeHeld(db, lease, { last_error: failure.error }))) return
  await putBack(db, lease.job, failure)
}

/** Gives a job back untried, as when the process is about to end. */
export async function release(db: TownDb, lease: Lease, nowMs: number): Promise<void> {
  const held = await changeHeld(db, lease, { attempts: lease.job.attempts - 1 })
  if (held) await waitAgain(db, lease.job, nowMs)
}

/** The latest first. */
export async function listJobs(db: TownDb, states: readonly JobTable['state'][], limit = 100): Promise<Job[]> {
  const rows = await db.sql
    .selectFrom('job')
    .selectAll()
    .where('state', 'in', states)
    .orderBy('created_at_ms', 'desc')
    .limit(limit)
    .execute()
  return rows.map(jobOf)
}

/** How many jobs there are, by kind and state; those that are done left out. */
export async function countJobs(db: TownDb): Promise<{ kind: string; state: string; count: number }[]> {
  const rows = await db.sql
    .selectFrom('job')
    .select(['kind', 'state'])
    .select((row) => row.fn.countAll().as('count'))
    .where('state', '!=', 'done')
    .groupBy(['kind', 'state'])
    .execute()
  return rows.map(({ kind, state, count }) => ({ kind, state, count: Number(count) }))
}

/** When the next of these kinds may be claimed, be it that a lease lapses; null when there is none. */
export async function nextDueMs(db: TownDb, kinds: readonly JobKind[]): Promise<number | null> {
  const jobs = db.sql.selectFrom('job').where('kind', 'in', kinds)
  const waiting = await jobs
    .select((row) => row.fn.min('run_after_ms').as('at'))
    .where('state', '=', 'waiting')
    .executeTakeFirst()
  const running = await jobs
    .select((row) => row.fn.min('leased_until_ms').as('at'))
    .where('state', '=', 'running')
    .executeTakeFirst()
  const times = [waiting?.at, running?.at].flatMap((at) => (typeof at === 'number' ? [at] : []))
  return times.length > 0 ? Math.min(...times) : null
}

async function takeBackLapsed(db: TownDb, nowMs: number): Promise<void> {
  const lapsed = await db.sql
    .selectFrom('job')
    .selectAll()
    .where('state', '=', 'running')
    .where('leased_until_ms', '<', nowMs)
    .execute()
  for (const row of lapsed) {
    await putBack(db, jobOf(row), { error: row.last_error ?? 'the worker ended', retryable: true, nowMs })
  }
}

async function putBack(
  db: TownDb,
  job: Job,
  { error, retryable, nowMs }: { error: string; retryable: boolean; nowMs: number },
): Promise<void> {
  if (retryable && job.attempts < mostAttempts) return await waitAgain(db, job, nowMs + retryDelayMs(job.attempts))
  await db.sql
    .updateTable('job')
    .set({ state: 'poisoned', last_error: error, finished_at_ms: nowMs, lease: null, leased_until_ms: null })
    .where('id', '=', job.id)
    .execute()
}

// While it ran another of its key may have been put in the queue; that one does this one's work.
async function waitAgain(db: TownDb, job: Job, runAfterMs: number): Promise<void> {
  const successor = await db.sql
    .selectFrom('job')
    .select('id')
    .where('state', '=', 'waiting')
    .where('key', '=', job.key)
    .executeTakeFirst()
  await db.sql
    .updateTable('job')
    .set({ state: successor ? 'done' : 'waiting', run_after_ms: runAfterMs, lease: null, leased_until_ms: null })
    .where('id', '=', job.id)
    .execute()
}

type Changes = Partial<
  Pick<JobTable, 'state' | 'lease' | 'leased_until_ms' | 'finished_at_ms' | 'last_error' | 'attempts'>
>

async function changeHeld(db: TownDb, { job, lease }: Lease, changes: Changes): Promise<boolean> {
  const { numUpdatedRows } = await db.sql
    .updateTable('job')
    .set(changes)
    .where('id', '=', job.id)
    .where('lease', '=', lease)
    .where('state', '=', 'running')
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

function jobOf(row: Omit<JobTable, 'town'>): Job {
  return {
    id: row.id,
    kind: row.kind as JobKind,
    key: row.key,
    payload: JSON.parse(row.payload_json),
    state: row.state,
    attempts: row.attempts,
    runAfterMs: row.run_after_ms,
    lastError: row.last_error,
  }
}
