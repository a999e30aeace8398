import { Counter, Gauge, type Registry } from 'prom-client'
import type { WorkerMetrics } from '#archive/operations/worker-metrics.ts'

/** Writes the figures of the worker into a registry that is made for one answer; `up` is 0 and alone when it is away. */
export function observeWorker(registry: Registry, worker: WorkerMetrics | null): void {
  const registers = [registry]
  const gauge = (name: string, help: string, value: number) => {
    new Gauge({ name: `hemicycle_worker_${name}`, help, registers }).set(value)
  }
  gauge('up', 'Whether the worker has written its figures lately.', worker ? 1 : 0)
  if (!worker) return
  gauge('resident_bytes', 'Memory of the worker.', worker.residentBytes)
  gauge('spool_recordings', 'Recordings of which something lies in the spool.', worker.spoolRecordings)
  gauge('open_alarms', 'Faults of published streams that stand.', worker.openAlarms)
  const name = 'hemicycle_worker_cpu_seconds_total'
  new Counter({ name, help: 'Of the worker process, without ffmpeg.', registers }).inc(worker.cpuS)
  const jobs = new Gauge({
    name: 'hemicycle_worker_jobs',
    help: 'Jobs in the queue, by kind and state.',
    labelNames: ['kind', 'state'],
    registers,
  })
  for (const { kind, state, count } of worker.jobs) jobs.set({ kind, state }, count)
}
