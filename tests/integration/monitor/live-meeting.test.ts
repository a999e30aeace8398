import { createServer } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { IncidentView } from '#archive/domain/incident-log.ts'
import type { MeetingView } from '#archive/domain/meeting-view.ts'
import type { AlarmView } from '#archive/operations/operations.ts'
import { fetchRaw } from '#tests/support/edge-child.ts'
import { type Encoder, startEncoder } from '#tests/support/encoder.ts'
import { done, type RunningProduct, startProduct } from '#tests/support/product.ts'
import { planSitting, type Sitting, untilState } from '#tests/support/sitting.ts'
import { until } from '#tests/support/until.ts'
import { testFeed } from '../../../transcode/ffmpeg/publisher.ts'

/** A voice whose cable is pulled after twelve seconds. */
const failing = {
  inputs: [
    ...['-re', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25'],
    ...['-re', '-f', 'lavfi', '-i', "sine=frequency=440:sample_rate=48000,volume=0:enable='gt(t,12)'"],
  ],
  encoding: testFeed({ size: '320x180', bitrateBps: 250_000, keyframeSeconds: 1 }).encoding ?? [],
}

let product: RunningProduct
let sitting: Sitting
let encoder: Encoder | null = null
let metricsPort = 0

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  await new Promise((closed) => server.close(closed))
  return typeof address === 'object' && address ? address.port : 0
}

beforeAll(async () => {
  metricsPort = await freePort()
  const settings = { HEMICYCLE_BANNER_AFTER_S: '0', HEMICYCLE_METRICS: `127.0.0.1:${metricsPort}` }
  product = await startProduct({ settings })
  sitting = await planSitting(product)
  encoder = startEncoder(product.ingest, sitting.key, failing)
  await untilState(product, sitting.slug, 'waiting')
  done(await (await product.operations()).command(sitting.slug, 'start'))
})

afterAll(async () => {
  await encoder?.stop()
  await product.stop()
})

const shown = async () => (await product.getJson<MeetingView>(`/api/v1/meetings/${sitting.slug}`)).alarm

it('a meeting whose sound fails raises an alarm, tells its viewers, and stops telling when somebody takes care', async () => {
  const { slug } = sitting
  const alarm = await until('the page says that there is no sound', shown, 90_000)
  expect(alarm.code).toBe('SOUND_SILENT')
  const alarms = await product.hemicycle<AlarmView[]>('alarms')
  expect(alarms).toMatchObject([{ meeting: slug, code: 'SOUND_SILENT', acknowledged: null }])
  await product.hemicycle('alarm', 'ack', alarms[0]?.id ?? '')
  expect(await shown()).toBeNull()
  const log = await product.hemicycle<IncidentView[]>('incidents', slug)
  expect(log.filter(({ noticed }) => noticed === 'stream-monitor')).toMatchObject([
    { code: 'SOUND_SILENT', to: null, acknowledged: { by: 'cli' } },
  ])
  const { stdout } = await product.command('incidents', slug, '--csv')
  expect(stdout).toContain('SOUND_SILENT,The published stream has no sound at all.')
})

it('the figures of the edge and of live are served on the private port, and the monitor is no viewer', async () => {
  const { text } = await fetchRaw({ port: metricsPort, path: '/metrics' })
  const value = (name: string) => Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (.*)$`, 'm').exec(text)?.[1])
  expect(value('hemicycle_live_up')).toBe(1)
  expect(value('hemicycle_live_feeds')).toBe(1)
  expect(value('hemicycle_live_packets_admitted_total')).toBeGreaterThan(500)
  expect(value('hemicycle_live_spans_total')).toBe(1)
  expect(text).toContain('hemicycle_live_meetings{state="live"} 1')
  expect(text).toContain('hemicycle_edge_requests_total{kind="media",status="200"}')
  expect(value('hemicycle_worker_up')).toBe(1)
  expect(text).not.toContain('hemicycle_edge_viewers{')
  expect(text).not.toContain(sitting.key)
  const health = await fetchRaw({ port: metricsPort, path: '/health' })
  expect([health.status, JSON.parse(health.text)]).toMatchObject([200, { live: true, ready: true, status: 'ok' }])
})
