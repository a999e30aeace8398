import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { openAlarms } from '../catalog/alarms.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { countJobs } from '../catalog/jobs.ts'
import type { Clock } from '../core/clock.ts'
import type { Log } from '../core/log.ts'
import { type WorkerMetrics, workerMetricsEveryMs, workerMetricsFile } from '../operations/worker-metrics.ts'
import { writeAtomically } from '../storage/atomic-file.ts'
import { listSpool } from '../storage/spool.ts'

export interface FiguresDeps {
  readonly catalog: Catalog
  readonly dataDir: string
  readonly spoolDir: string
  readonly clock: Clock
  readonly log: Log
}

/** Writes the worker's figures into a file until `signal`: reading them costs nobody a question to the worker. */
export async function writeFigures(deps: FiguresDeps, signal: AbortSignal): Promise<void> {
  const file = workerMetricsFile(deps.dataDir)
  while (!signal.aborted) {
    try {
      await mkdir(dirname(file), { recursive: true })
      await writeAtomically(file, JSON.stringify(await figures(deps)))
    } catch (error) {
      deps.log.warn({ err: error }, 'the figures of the worker could not be written')
    }
    await pause(workerMetricsEveryMs, undefined, { signal }).catch(() => undefined)
  }
}

async function figures({ catalog, spoolDir, clock }: FiguresDeps): Promise<WorkerMetrics> {
  const { user, system } = process.cpuUsage()
  const [jobs, alarms] = await catalog.read(async (db) => [await countJobs(db), await openAlarms(db)] as const)
  return {
    atMs: Math.round(clock.wallMs()),
    cpuS: (user + system) / 1e6,
    residentBytes: process.memoryUsage.rss(),
    jobs,
    spoolRecordings: (await listSpool(spoolDir)).length,
    openAlarms: alarms.length,
  }
}
