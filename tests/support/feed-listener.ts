import { createHash } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import type { RecordingId } from '#archive/core/ids.ts'
import { socketPath } from '#archive/core/socket-path.ts'
import type { JournalEvent } from '#archive/hls/journal-event.ts'
import { FrameReader, type LiveFrame, type LiveMessage } from '#archive/hls/live-message.ts'

export type PartMessage = Extract<LiveMessage, { type: 'part' }>

/** A part as it left the packager. `atMs` is the test's monotonic clock. */
export type HeardPart = PartMessage & { readonly sizeBytes: number; readonly sha256: string; readonly atMs: number }

/** Hears what an edge hears, and connects again whenever *live* goes away. */
export interface FeedListener {
  readonly parts: readonly HeardPart[]
  readonly events: readonly { readonly recording: RecordingId; readonly event: JournalEvent }[]
  readonly meetings: readonly Extract<LiveMessage, { type: 'meeting' }>[]
  /** Times that the socket was connected. */
  readonly connections: number
  close(): void
}

const reconnectMs = 50

export function listenToFeed(dataDir: string): FeedListener {
  const parts: HeardPart[] = []
  const events: { recording: RecordingId; event: JournalEvent }[] = []
  const meetings: Extract<LiveMessage, { type: 'meeting' }>[] = []
  let connections = 0
  let closed = false
  let socket: Socket | null = null

  const hear = ({ message, payload }: LiveFrame) => {
    if (message.type === 'journal') events.push({ recording: message.recording, event: message.event })
    if (message.type === 'meeting') meetings.push(message)
    if (message.type !== 'part') return
    const sha256 = createHash('sha256').update(payload).digest('hex')
    parts.push({ ...message, sizeBytes: payload.length, sha256, atMs: performance.now() })
  }
  const open = () => {
    if (closed) return
    const reader = new FrameReader()
    const opened = connect(socketPath(dataDir, 'live-feed'))
    socket = opened
    opened.on('connect', () => {
      connections += 1
    })
    opened.on('data', (bytes) => reader.push(bytes).forEach(hear))
    // Its close follows, and with it the next attempt.
    opened.on('error', () => undefined)
    opened.on('close', () => setTimeout(open, reconnectMs))
  }
  open()
  return {
    parts,
    events,
    meetings,
    get connections() {
      return connections
    },
    close() {
      closed = true
      socket?.destroy()
    },
  }
}
