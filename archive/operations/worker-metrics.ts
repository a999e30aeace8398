import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Figures that the worker writes down now and then, for whoever serves them. */
export interface WorkerMetrics {
  /** WallTime of writing. */
  readonly atMs: number
  readonly cpuS: number
  readonly residentBytes: number
  readonly jobs: readonly { readonly kind: string; readonly state: string; readonly count: number }[]
  /** Recordings of which something lies in the spool, be it that it was stored an hour ago. */
  readonly spoolRecordings: number
  readonly openAlarms: number
}

export const workerMetricsEveryMs = 10_000

export function workerMetricsFile(dataDir: string): string {
  return join(dataDir, 'run', 'worker.json')
}

/** What was written last; null when there is nothing, or nothing recent. */
export async function readWorkerMetrics(dataDir: string, nowMs: number): Promise<WorkerMetrics | null> {
  try {
    const figures = JSON.parse(await readFile(workerMetricsFile(dataDir), 'utf8')) as WorkerMetrics
    return nowMs - figures.atMs <= 3 * workerMetricsEveryMs ? figures : null
  } catch {
    return null
  }
}
