import { readdirSync } from 'node:fs'
import { pino } from 'pino'
import { systemClock } from '#archive/core/clock.ts'
import { refuse } from '#archive/core/errors.ts'
import { newId, type RoomId } from '#archive/core/ids.ts'
import { settingsSchema } from '#archive/core/settings-schema.ts'
import { RoomFeeds } from '../../../ingest/feed/room-feeds.ts'
import type { PublishSession } from '../../../ingest/rtmp/publish-session.ts'
import { createRtmpServer } from '../../../ingest/rtmp/server.ts'

/** What the process tells when it is asked to measure itself. */
export interface IngestMeasure {
  readonly type: 'measure'
  /** After a collection: the JavaScript heap and what buffers hold outside it. */
  readonly heldBytes: number
  readonly descriptors: number
  readonly connections: number
  /** Frames of the encoder with the good key. */
  readonly goodFrames: number
  readonly goodSessions: number
  readonly longestGapMs: number
  /** Sessions that got past the key. */
  readonly verified: number
  readonly codes: Readonly<Record<string, number>>
}
export interface IngestReady {
  readonly type: 'ready'
  readonly port: number
}

/** The ingest server alone in a process, so that its crash, its memory and its descriptors are its own. */
const clock = systemClock()
const feeds = new RoomFeeds<PublishSession>(clock)
const codes = new Map<string, number>()
const chamber: RoomId = newId()
let goodFrames = 0
let goodSessions = 0
let verified = 0
let lastMs: number | null = null
let longestGapMs = 0

function countFrame(): void {
  goodFrames += 1
  const nowMs = clock.monotonicMs()
  if (lastMs !== null) longestGapMs = Math.max(longestGapMs, nowMs - lastMs)
  lastMs = nowMs
}

const server = createRtmpServer({
  settings: {
    ...settingsSchema.parse({}),
    HEMICYCLE_RTMP_MAX_PER_ADDRESS: 64,
    HEMICYCLE_RTMP_FAILURES_PER_MINUTE: 10_000,
    HEMICYCLE_RTMP_HANDSHAKE_MS: 2_000,
    HEMICYCLE_RTMP_FIRST_MEDIA_MS: 2_000,
  },
  clock,
  log: pino(
    { level: 'info' },
    {
      write: (line: string) => {
        const { code = 'none' } = JSON.parse(line) as { code?: string }
        codes.set(code, (codes.get(code) ?? 0) + 1)
      },
    },
  ),
  authenticate: (key) => {
    if (key === 'good-key') return { ok: true, keyId: newId(), roomId: chamber }
    return key.startsWith('fuzz-key') ? { ok: true, keyId: newId(), roomId: newId() } : refuse('INGEST_KEY_UNKNOWN')
  },
  onSession: (session) => {
    const refusal = feeds.claim(session)
    void session.closed.then((reason) => feeds.release(session, reason))
    if (refusal) return refusal
    verified += 1
    if (session.roomId !== chamber) return null
    goodSessions += 1
    session.onPacket((packet) => {
      if (packet.kind === 'video') countFrame()
    })
    return null
  },
})

process.on('message', () => {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  process.send?.({
    type: 'measure',
    heldBytes: heapUsed + external,
    descriptors: readdirSync('/proc/self/fd').length,
    connections: server.connections(),
    goodFrames,
    goodSessions,
    longestGapMs,
    verified,
    codes: Object.fromEntries(codes),
  } satisfies IngestMeasure)
})
process.on('disconnect', () => process.exit(0))
process.send?.({ type: 'ready', port: await server.listen({ host: '127.0.0.1', port: 0 }) } satisfies IngestReady)
