import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { gunzipSync } from 'node:zlib'
import { newId } from '#archive/core/ids.ts'
import { spoolFile } from '#archive/storage/spool-folder.ts'
import { SpanPackager } from '../../transcode/packager/span-packager.ts'
import { until } from '../support/until.ts'
import { aac, avcC, avcConfig } from '../unit/packager/span-lab.ts'
import { type LongEvening, openLongEvening } from './longrun-evening.ts'
import { longFeed } from './longrun-feed.ts'
import { cpuSecondsOf, printTable, residentMbOf, rounded } from './origin-cost.ts'

/**
 * A long meeting in minutes: packets on a virtual clock go through packager, recorder and spool to a real edge process,
 * as fast as they are taken. Memory, playlist bytes, the cost of one more reload and the spool, hour by hour. Prints a
 * table on standard error and one JSON value on standard output.
 */
const { values } = parseArgs({
  options: {
    hours: { type: 'string', default: '6' },
    bitrate: { type: 'string', default: '300000' },
  },
})
const hours = Number(values.hours)
const bitrateBps = Number(values.bitrate)
/** Edge and disk are waited for as often as this much of the meeting has gone by. */
const breathMs = 60_000
const reloads = 20

interface Reading {
  readonly hour: number
  /** Resident, with the feed that is made in the same process. */
  readonly liveMb: number | null
  readonly liveHeldMb: number
  readonly edgeMb: number | null
  readonly segments: number
  readonly fullBytes: number
  readonly fullGzipBytes: number
  /** Null where the edge gives no delta updates. */
  readonly deltaBytes: number | null
  readonly deltaGzipBytes: number | null
  /** Processor milliseconds of the edge for one more viewer's reload of a version that is rendered. */
  readonly reloadCpuMs: number
  /** Of the edge since its start. */
  readonly edgeCpuS: number
  readonly spoolMb: number
}

async function playlist({ edge, slug }: LongEvening, query = '') {
  const reply = await edge.get(`/live/${slug}/source.m3u8${query}`, { 'accept-encoding': 'gzip' })
  const text = reply.status === 200 ? gunzipSync(reply.body).toString() : ''
  return { status: reply.status, gzipBytes: reply.body.length, bytes: Buffer.byteLength(text), text }
}

/** Those that a delta update skips included. */
function segmentsIn(text: string): number {
  const skipped = Number(/^#EXT-X-SKIP:SKIPPED-SEGMENTS=(\d+)/m.exec(text)?.[1] ?? 0)
  return skipped + (text.match(/^#EXTINF:/gm)?.length ?? 0)
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** What this process holds on to: the feed's packets, which no real one makes by the thousand a second, are let go first. */
function heldMb(): number {
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return rounded((heapUsed + external) / 1e6, 1)
}

interface Progress {
  segments: number
  /** The newest segment's file in the spool. */
  file: string
}

async function untilTaken(evening: LongEvening, { segments, file }: Progress): Promise<void> {
  await until('the spool has the newest segment', () => existsSync(file), 60_000)
  const listed = async () => segmentsIn((await playlist(evening, '?_HLS_skip=YES')).text) >= segments
  await until(`the edge lists ${segments} segments`, listed, 60_000)
}

async function read(evening: LongEvening, hour: number): Promise<Reading> {
  const pid = evening.edge.child.pid ?? 0
  const before = cpuSecondsOf(pid)
  for (let i = 0; i < reloads; i++) await playlist(evening, '?_HLS_skip=YES')
  const reloadCpuMs = rounded(((cpuSecondsOf(pid) - before) * 1000) / reloads)
  const full = await playlist(evening)
  const delta = await playlist(evening, '?_HLS_skip=YES')
  const hasDelta = delta.text.includes('#EXT-X-SKIP:')
  return {
    hour,
    liveMb: residentMbOf(process.pid),
    liveHeldMb: heldMb(),
    edgeMb: residentMbOf(pid),
    segments: segmentsIn(full.text),
    fullBytes: full.bytes,
    fullGzipBytes: full.gzipBytes,
    deltaBytes: hasDelta ? delta.bytes : null,
    deltaGzipBytes: hasDelta ? delta.gzipBytes : null,
    reloadCpuMs,
    edgeCpuS: rounded(cpuSecondsOf(pid), 1),
    spoolMb: rounded(folderBytes(evening.spoolDir) / 1e6, 1),
  }
}

function folderBytes(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}

async function run(evening: LongEvening): Promise<Reading[]> {
  const { recorder } = evening
  const progress: Progress = { segments: 0, file: evening.spoolDir }
  const zeroWallMs = Date.now() - hours * 3_600_000
  const packager = new SpanPackager({
    span: newId(),
    mode: 'source',
    video: { config: avcConfig(), avcC },
    audio: aac(48_000),
    encoded: [],
    frameRate: { num: 25, den: 1 },
    nextNumber: () => recorder.nextNumber(),
    emit: (event) => {
      recorder.record(event)
      if (event.type !== 'segment' || event.rendition !== 'source') return
      progress.segments++
      progress.file = spoolFile(evening.spoolDir, { ...event, recording: evening.recording })
    },
    report: (code, detail) => process.stderr.write(`${code} ${detail}\n`),
    wallMsAt: (feedMs) => zeroWallMs + feedMs,
  })
  const readings: Reading[] = []
  let breathAtMs = breathMs
  const shape = { seconds: hours * 3600, framesPerSecond: 25, keyframeSeconds: 2, bitrateBps }
  for (const sample of longFeed(shape)) {
    packager.push(sample)
    if (sample.kind === 'audio' || sample.dtsMs < breathAtMs) continue
    await untilTaken(evening, progress)
    if (breathAtMs % 3_600_000 === 0) readings.push(await read(evening, breathAtMs / 3_600_000))
    breathAtMs += breathMs
  }
  await untilTaken(evening, progress)
  readings.push(await read(evening, hours))
  return readings
}

const startedAt = performance.now()
const evening = await openLongEvening()
const readings = await run(evening)
await evening.close()
printTable([
  [
    'hour',
    'live MB',
    'edge MB',
    'segments',
    'playlist',
    'gzip',
    'delta',
    'delta gzip',
    'reload CPU ms',
    'edge CPU s',
    'spool MB',
  ],
  ...readings.map((one) => Object.values(one) as (number | null)[]),
])
if (readings.at(-1)?.deltaBytes === null) process.stderr.write('this origin gives no delta updates\n')
const wallSeconds = rounded((performance.now() - startedAt) / 1000, 1)
process.stdout.write(`${JSON.stringify({ bench: 'longrun', hours, bitrateBps, wallSeconds, readings })}\n`)
