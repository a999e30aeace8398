import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createLog } from '#archive/core/log.ts'
import { socketPath } from '#archive/core/socket-path.ts'
import type { LiveMetrics } from '#archive/operations/live-metrics.ts'
import { type WorkerMetrics, workerMetricsFile } from '#archive/operations/worker-metrics.ts'
import { fetchRaw } from '#tests/support/edge-child.ts'
import { until } from '#tests/support/until.ts'
import { createControlServer } from '../../../ingest/wire/control-server.ts'
import { openEvening } from './evening.ts'

const live: LiveMetrics = {
  ...{ uptimeS: 60, cpuS: 1.5, residentBytes: 9e7, feeds: 1, feedBitrateBps: 4_000_000, packetsAdmitted: 1_200 },
  ...{ packetsDropped: 7, spans: 2, incidents: { FEED_INTERRUPTED: 1 }, outboxNotes: 0, spoolQueuedBytes: 4_096 },
  meetings: { live: 1 },
}

const settings = { HEMICYCLE_METRICS: '127.0.0.1:0' }

async function evening() {
  const held = await openEvening({ settings })
  const figures = (path: string) => fetchRaw({ port: held.edge.metricsPort ?? 0, path })
  const value = async (name: string) => {
    const line = (await figures('/metrics')).text.split('\n').find((text) => text.startsWith(`${name} `))
    return line === undefined ? null : Number(line.slice(name.length + 1))
  }
  return { ...held, figures, value }
}

test('an edge serves no figures unless it is told where', async () => {
  const { edge } = await openEvening()
  expect(edge.metricsPort).toBeNull()
  expect((await edge.get('/metrics')).text).not.toContain('hemicycle_edge')
})

test('requests, bytes, connections and viewers are counted, without an address or a name of anybody', async () => {
  const { edge, value, figures, live: scripted, meeting, start } = await evening()
  await start()
  scripted.tellMeeting(meeting, 'live')
  const recording = await scripted.record(meeting)
  recording.segment()
  const playlist = `/live/${meeting.slug}/source.m3u8`
  await until('a segment is listed', async () => (await edge.get(playlist)).status === 200)
  for (let seen = 0; seen < 6; seen += 1) await edge.get(playlist)
  for (let seen = 0; seen < 50; seen += 1) await edge.get(playlist, { 'user-agent': 'hemicycle-monitor' })
  await edge.get('/live/nowhere/source.m3u8')
  expect(await value('hemicycle_edge_requests_total{kind="live-playlist",status="200"}')).toBeGreaterThanOrEqual(57)
  expect(await value('hemicycle_edge_requests_total{kind="live-playlist",status="404"}')).toBeGreaterThanOrEqual(1)
  expect(await value('hemicycle_edge_sent_bytes_total')).toBeGreaterThan(10_000)
  expect(await value('hemicycle_edge_live_up')).toBe(1)
  // Seven playlists of four seconds within twelve.
  const viewers = () => value(`hemicycle_edge_viewers{meeting="${meeting.slug}"}`)
  expect(await until('they are counted', async () => (await viewers()) === 2)).toBe(true)
  expect((await figures('/metrics')).text).not.toContain('127.0.0.1')
})

test('the figures of live are read through its control socket, and missed without it', async () => {
  const { dataDir, value } = await evening()
  expect(await value('hemicycle_live_up')).toBe(0)
  const log = createLog('test', 'error')
  const handle = async () => ({ ok: true, rooms: [], metrics: live }) as const
  const control = await createControlServer(socketPath(dataDir, 'live-control'), { handle, log })
  onTestFinished(() => control.close())
  expect(await value('hemicycle_live_up')).toBe(1)
  expect(await value('hemicycle_live_packets_admitted_total')).toBe(1_200)
  expect(await value('hemicycle_live_packets_dropped_total')).toBe(7)
  expect(await value('hemicycle_live_incidents_total{code="FEED_INTERRUPTED"}')).toBe(1)
  expect(await value('hemicycle_live_meetings{state="live"}')).toBe(1)
})

test('the figures of the worker are those of its file, while that is fresh', async () => {
  const { dataDir, value } = await evening()
  expect(await value('hemicycle_worker_up')).toBe(0)
  const file = workerMetricsFile(dataDir)
  mkdirSync(dirname(file), { recursive: true })
  const jobs = [{ kind: 'index-meeting', state: 'waiting', count: 3 }]
  const figures = { cpuS: 1, residentBytes: 8e7, jobs, spoolRecordings: 2, openAlarms: 1 }
  const write = (atMs: number) => writeFileSync(file, JSON.stringify({ atMs, ...figures } satisfies WorkerMetrics))
  write(Date.now())
  expect(await value('hemicycle_worker_up')).toBe(1)
  expect(await value('hemicycle_worker_jobs{kind="index-meeting",state="waiting"}')).toBe(3)
  expect(await value('hemicycle_worker_open_alarms')).toBe(1)
  write(Date.now() - 40_000)
  expect(await value('hemicycle_worker_up')).toBe(0)
})

test('health names each dependency: not ready without a site', async () => {
  const { figures } = await evening()
  const health = await figures('/health')
  expect(health.status).toBe(503)
  expect(JSON.parse(health.text)).toMatchObject({
    ...{ live: true, ready: false, status: 'degraded', viewers: 0 },
    dependencies: { live: 'up', site: 'down', catalogue: 'up' },
  })
  expect((await figures('/')).status).toBe(404)
})

test('an address that is taken costs the figures and nothing else', async () => {
  const { edge } = await evening()
  const other = await openEvening({
    settings: { HEMICYCLE_METRICS: `127.0.0.1:${edge.metricsPort}`, HEMICYCLE_LOG_LEVEL: 'error' },
  })
  expect(other.edge.metricsPort).toBeNull()
  expect((await other.edge.get('/health')).status).toBe(200)
})
