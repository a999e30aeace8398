import { cpus } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { mediaAddress, partAddress } from '#archive/hls/address.ts'
import { parsePlaylist } from '#archive/hls/playlist-parser.ts'
import { testFeed } from '../../transcode/ffmpeg/publisher.ts'
import { listenToFeed } from '../support/feed-listener.ts'
import { busyShare, cpuSecondsOf, machineTime, printTable, quantile, residentMbOf, rounded } from './origin-cost.ts'
import { forkSwarm, openLiveMeeting, renditionsOf, type Swarm } from './origin-stage.ts'
import type { RateReport, SwarmReport } from './origin-swarm.ts'

/**
 * How many viewers one edge holds: a swarm in a process of its own reloads and fetches as hls.js does while the product
 * runs with a published feed. Prints a table on standard error and one JSON value on standard output.
 *
 * A part is late when a viewer has it more than one PART-TARGET after it left *live*. A step is void when the machine was saturated: then it measures the machine.
 */
const { values } = parseArgs({
  options: {
    viewers: { type: 'string', default: '50,100,150,200,300' },
    seconds: { type: 'string', default: '20' },
    ladder: { type: 'string', default: 'none' },
    size: { type: 'string', default: '1280x720' },
    bitrate: { type: 'string', default: '1100000' },
  },
})
const seconds = Number(values.seconds)
const steps = values.viewers.split(',').map(Number)
/** Above this share of all processors, waiting for a processor is what is measured. */
const saturated = 0.95
const rateConnections = 32
const rateSeconds = 5

interface Step {
  readonly viewers: number
  readonly isVoid: boolean
  readonly media: number
  readonly late: number
  readonly failures: number
  readonly delayP50Ms: number | null
  readonly delayP95Ms: number | null
  readonly requestsPerSecond: number
  readonly requestsPerCoreSecond: number
  readonly edgeCpuSPerViewerMinute: number
  readonly edgeCores: number
  readonly edgeMb: number | null
  readonly swarmCores: number
  readonly machineBusy: number
}

async function step(swarm: Swarm, edgePid: number, viewers: number): Promise<Step> {
  await swarm.ask({ type: 'viewers', count: viewers })
  await pause(1500)
  await swarm.ask<SwarmReport>({ type: 'report' })
  const [cpu, machine, startedAt] = [cpuSecondsOf(edgePid), machineTime(), performance.now()]
  await pause(seconds * 1000)
  const report = await swarm.ask<SwarmReport>({ type: 'report' })
  const elapsedS = (performance.now() - startedAt) / 1000
  const edgeS = cpuSecondsOf(edgePid) - cpu
  const machineBusy = busyShare(machine, machineTime())
  const delays = delaysOf(report)
  return {
    viewers,
    isVoid: machineBusy > saturated,
    media: report.media,
    late: delays.filter((delay) => delay > report.limitS * 1000).length,
    failures: report.failures,
    delayP50Ms: whole(quantile(delays, 0.5)),
    delayP95Ms: whole(quantile(delays, 0.95)),
    requestsPerSecond: rounded(report.requests / elapsedS, 0),
    requestsPerCoreSecond: rounded(report.requests / Math.max(edgeS, 0.01), 0),
    edgeCpuSPerViewerMinute: rounded((edgeS * 60) / (viewers * elapsedS), 3),
    edgeCores: rounded(edgeS / elapsedS),
    edgeMb: residentMbOf(edgePid),
    swarmCores: rounded(report.cpuSeconds / elapsedS),
    machineBusy: rounded(machineBusy),
  }
}

const whole = (value: number | null) => value && Math.round(value)

/** Milliseconds from the moment at which a part, or the last part of a segment, left *live* until a viewer had it. */
function delaysOf({ arrivals }: SwarmReport): number[] {
  const leftAt = new Map<string, number>()
  for (const part of listener.parts) {
    const atMs = performance.timeOrigin + part.atMs
    leftAt.set(partAddress(part), atMs)
    leftAt.set(mediaAddress(part), atMs)
  }
  return arrivals.flatMap(([path, times]) => {
    const left = leftAt.get(path)
    return left === undefined ? [] : times.map((atMs) => atMs - left)
  })
}

interface Rate {
  readonly of: string
  readonly bytesPerAnswer: number
  readonly perCoreSecond: number
  readonly perSecond: number
}

async function rate(swarm: Swarm, edgePid: number, { of, path }: { of: string; path: string }): Promise<Rate> {
  const [cpu, startedAt] = [cpuSecondsOf(edgePid), performance.now()]
  const report = await swarm.ask<RateReport>({ type: 'rate', path, count: rateConnections, seconds: rateSeconds })
  const elapsedS = (performance.now() - startedAt) / 1000
  const edgeS = Math.max(cpuSecondsOf(edgePid) - cpu, 0.01)
  const { answers, bytesPerAnswer } = report
  return { of, bytesPerAnswer, perCoreSecond: rounded(answers / edgeS, 0), perSecond: rounded(answers / elapsedS, 0) }
}

/** The playlist as a viewer at the live edge asks for it, and a part of it (a segment where there are no parts). */
async function available(site: string, path: string): Promise<{ of: string; path: string }[]> {
  const parsed = parsePlaylist(await (await fetch(`${site}${path}`)).text())
  if (!parsed.ok || parsed.value.kind !== 'media') return []
  const { segments, serverControl } = parsed.value
  const parts = segments.flatMap((segment) => segment.parts)
  const delta = serverControl?.canSkipUntilS ? '?_HLS_skip=YES' : ''
  const uri = parts.at(-1)?.uri ?? segments.at(-1)?.uri
  const playlist = { of: 'playlist', path: `${path}${delta}` }
  return uri
    ? [playlist, { of: parts.length > 0 ? 'part' : 'segment', path: new URL(uri, `${site}${path}`).pathname }]
    : [playlist]
}

const size = values.size as `${number}x${number}`
const meeting = await openLiveMeeting({
  ladder: values.ladder,
  feed: testFeed({ size, bitrateBps: Number(values.bitrate), keyframeSeconds: 2 }),
})
const { site } = meeting.product
const listener = listenToFeed(meeting.product.dataDir)
const renditions = await renditionsOf(site, meeting.path)
const edgePid = meeting.product.pidOf('edge')
const swarm = forkSwarm(site, renditions)
const results: Step[] = []
const rates: Rate[] = []
let lowLatency = false
try {
  for (const viewers of steps) results.push(await step(swarm, edgePid, viewers))
  lowLatency = (await swarm.ask<SwarmReport>({ type: 'report' })).lowLatency
  await swarm.ask({ type: 'viewers', count: 0 })
  await pause(2000)
  for (const what of await available(site, renditions[0] ?? '')) rates.push(await rate(swarm, edgePid, what))
} finally {
  listener.close()
  swarm.close()
  await meeting.close()
}

if (!lowLatency)
  process.stderr.write('the origin does not announce low latency: this is plain HLS, late is a target duration\n')
printTable([
  [
    'viewers',
    'void',
    lowLatency ? 'parts' : 'segments',
    'late',
    'failed',
    'p50 ms',
    'p95 ms',
    'req/s',
    'req/core-s',
    'CPU s/viewer-min',
    'edge cores',
    'edge MB',
    'swarm cores',
    'busy',
  ],
  ...results.map((one) => Object.values(one).map((cell) => (typeof cell === 'boolean' ? (cell ? 'void' : '') : cell))),
])
printTable([['rate of', 'bytes', 'per core-s', 'per s'], ...rates.map((one) => Object.values(one))])
const { ladder, bitrate } = values
const told = { cores: cpus().length, lowLatency, ladder, size, bitrateBps: Number(bitrate), secondsPerStep: seconds }
process.stdout.write(`${JSON.stringify({ bench: 'origin', ...told, steps: results, rates })}\n`)
