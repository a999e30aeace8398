import { setTimeout as pause } from 'node:timers/promises'
import { isAfter } from '../conformance/position.ts'
import type { Position } from '../conformance/session.ts'
import { rounded } from './origin-cost.ts'
import { type Listing, Listings } from './origin-listing.ts'
import { Connection } from './origin-viewer.ts'

/** The swarm's process: viewers that reload and fetch as hls.js does. Its orders come from the bench over IPC. */
export interface SwarmOrder {
  readonly type: 'viewers' | 'report' | 'rate'
  /** `viewers`: how many there shall be. `rate`: connections that ask without pause. */
  readonly count: number
  /** `rate`: what they ask for, and for how long. */
  readonly path: string
  readonly seconds: number
}

export interface SwarmReport {
  readonly lowLatency: boolean
  readonly requests: number
  readonly media: number
  readonly failures: number
  readonly bytes: number
  /** Seconds that one of `arrivals` may take without being late: PART-TARGET, or TARGETDURATION of a plain stream. */
  readonly limitS: number
  /** By address, the wall clock whenever a viewer had all of it. */
  readonly arrivals: readonly (readonly [path: string, atMs: readonly number[]])[]
  readonly cpuSeconds: number
}

export interface RateReport {
  readonly answers: number
  readonly bytesPerAnswer: number
}

const [base = '', ...renditions] = process.argv.slice(2)
const origin = new URL(base)
const address = { host: origin.hostname, port: Number(origin.port) }
const listings = new Map(renditions.map((path) => [path, new Listings()]))

let arrivals = new Map<string, number[]>()
let media = 0
let requests = 0
let failures = 0
let bytes = 0
let lowLatency = false
let limitS = 0
let wanted = 0
let running = 0
let cpuAtReport = process.cpuUsage()

/** A viewer of one video rendition and, where there is one, of the sound. */
async function watch(index: number): Promise<void> {
  const video = renditions.filter((path) => !path.includes('audio'))
  const own = [video[index % Math.max(1, video.length)], ...renditions.filter((path) => path.includes('audio'))]
  await Promise.all(own.flatMap((path) => (path ? [follow(path, () => index < wanted)] : [])))
}

async function follow(path: string, goesOn: () => boolean): Promise<void> {
  const [playlists, files] = [new Connection(address), new Connection(address)]
  let last: Position | null = null
  let fetching: Promise<void> = Promise.resolve()
  while (goesOn()) {
    const listing = await reload(path, playlists, last)
    if (!listing) {
      failures++
      await pause(500)
      continue
    }
    lowLatency = listing.lowLatency
    const known: Position = last ?? listing.newest
    const fresh = listing.media.filter(({ position }) => isAfter(position, known))
    limitS = listing.lowLatency ? (listing.partTargetS ?? 0.42) : listing.targetDurationS
    fetching = fetching.then(async () => {
      for (const one of fresh) await fetchMedia(files, one.path)
    })
    last = listing.newest
    if (!listing.lowLatency) await pause(listing.targetDurationS * 500)
  }
  await fetching
  playlists.close()
  files.close()
}

async function reload(path: string, connection: Connection, last: Position | null): Promise<Listing | null> {
  const directives = last && lowLatency ? `?_HLS_msn=${last.msn}&_HLS_part=${last.part + 1}&_HLS_skip=YES` : ''
  const answered = await connection.get(`${path}${directives}`, true)
  requests++
  bytes += answered?.bytes ?? 0
  if (answered?.status !== 200) return null
  return listings.get(path)?.of(directives === '' ? null : directives, answered) ?? null
}

async function fetchMedia(connection: Connection, path: string): Promise<void> {
  const answered = await connection.get(path, false)
  requests++
  bytes += answered?.bytes ?? 0
  if (answered?.status !== 200) {
    failures++
    return
  }
  media++
  const known = arrivals.get(path) ?? []
  arrivals.set(path, known)
  known.push(performance.timeOrigin + performance.now())
}

/** Viewers come one after the other over two seconds: nobody opens a page in the same instant. */
async function grow(count: number): Promise<void> {
  wanted = count
  const newcomers = Math.max(0, count - running)
  for (; running < count; running++) {
    void watch(running)
    await pause(2000 / newcomers)
  }
  running = count
}

function report(): SwarmReport {
  const { user, system } = process.cpuUsage(cpuAtReport)
  const said = { lowLatency, requests, media, failures, bytes, limitS, arrivals: [...arrivals] }
  arrivals = new Map()
  requests = media = failures = bytes = 0
  cpuAtReport = process.cpuUsage()
  return { ...said, cpuSeconds: rounded((user + system) / 1e6) }
}

/** As many answers as there can be over some connections. */
async function rate({ path, count, seconds }: SwarmOrder): Promise<RateReport> {
  const untilMs = performance.now() + seconds * 1000
  let answers = 0
  let size = 0
  const ask = async () => {
    const connection = new Connection(address)
    while (performance.now() < untilMs) {
      const answered = await connection.get(path, false)
      if (answered?.status !== 200) continue
      answers++
      size = answered.bytes
    }
    connection.close()
  }
  await Promise.all(Array.from({ length: count }, ask))
  return { answers, bytesPerAnswer: size }
}

process.on('message', (order: SwarmOrder) => {
  const answer = { viewers: () => grow(order.count), report: async () => report(), rate: () => rate(order) }[order.type]
  void answer().then((value) => process.send?.({ value: value ?? null }))
})
process.on('disconnect', () => process.exit(0))
