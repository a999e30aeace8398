import { rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { type MeetingId, newId, type RecordingId, type SpanId } from '#archive/core/ids.ts'
import { socketPath } from '#archive/core/socket-path.ts'
import type { MeetingState } from '#archive/domain/meeting-state.ts'
import type { JournalEvent } from '#archive/hls/journal-event.ts'
import { encodeFrame, type FeedState, type LiveMessage } from '#archive/hls/live-message.ts'
import type { RenditionSpec } from '#archive/hls/packaging.ts'
import { openSpool } from '#archive/storage/spool.ts'
import type { SpoolWriter } from '#archive/storage/spool-writer.ts'
import { audioSpec, recordingEvent, sourceSpec } from './journal.ts'
import { planSegment, type WrittenSegment } from './spooling.ts'

export const initBytes = Buffer.from('an init section')

/** A stand-in for *live* that says what a test wants said: it writes the real spool and talks the real feed protocol. */
export interface ScriptedLive {
  /** Opens a recording, or goes on with what the spool has of it, with a new span. */
  record(
    meeting: { id: MeetingId; slug: string; recording: RecordingId },
    content?: RecordedContent,
  ): Promise<ScriptedRecording>
  tellMeeting(
    meeting: { id: MeetingId; slug: string; recording: RecordingId },
    state: MeetingState,
    feed?: FeedState,
  ): void
  /** Writes bytes that are no frame to every edge. */
  babble(): void
  close(): Promise<void>
}

/** Renditions with the media bytes of each part; source and audio of a kilobyte when absent. */
export type RecordedContent = readonly { readonly spec: RenditionSpec; readonly payloadBytes: number }[]

const smallContent: RecordedContent = [sourceSpec, audioSpec].map((spec) => ({ spec, payloadBytes: 1000 }))

export interface ScriptedRecording {
  readonly span: SpanId
  readonly writer: SpoolWriter
  /** Packages the next segment of both renditions and announces what of it has not been announced. */
  segment(): WrittenSegment
  /** Announces the first parts of the next segment, `count` in all, of both renditions; gives those of the source. */
  begin(count: number): readonly Uint8Array[]
  event(event: JournalEvent): void
}

export async function startScriptedLive(dataDir: string, spoolDir: string): Promise<ScriptedLive> {
  const edges = new Set<Socket>()
  const told: Buffer[] = []
  const writers: SpoolWriter[] = []
  const path = socketPath(dataDir, 'live-feed')
  rmSync(path, { force: true })
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined).on('close', () => edges.delete(socket))
    socket.resume()
    socket.write(encodeFrame({ type: 'hello', version: 1, recordings: [] }))
    for (const frame of told) socket.write(frame)
    socket.write(encodeFrame({ type: 'synced' }))
    edges.add(socket)
  })
  await new Promise<void>((done) => server.listen(path, done))

  const tell = (message: LiveMessage, payload?: Uint8Array) => {
    const frame = encodeFrame(message, payload)
    if (message.type !== 'part') told.push(frame)
    for (const edge of edges) edge.write(frame)
  }
  return {
    async record({ id, slug, recording }, content = smallContent) {
      const trouble = { onFault: () => undefined, onResumed: () => undefined }
      const { writer, recovered } = await openSpool({ spoolDir, recording, ...trouble })
      writers.push(writer)
      const event = (said: JournalEvent, init?: Uint8Array) => {
        writer.event(said, init)
        tell({ type: 'journal', recording, event: said }, init)
      }
      const span = newId<'span'>()
      if (!recovered) event({ ...recordingEvent, recording, meeting: id, slug } as JournalEvent)
      const renditions = content.map(({ spec }) => spec)
      const index = recovered?.timeline.spans.length ?? 0
      event({ type: 'span', span, index, wallMs: 0, mediaStartMs: 0, master: 'source', renditions })
      for (const { name: rendition } of renditions) {
        event({ type: 'init', span, rendition, sizeBytes: initBytes.length, sha256: '' }, initBytes)
      }
      return { span, writer, event, ...segmentTeller({ writer, tell, span, recording, event, content }) }
    },
    tellMeeting({ id, slug, recording }, state, feed = 'connected') {
      tell({ type: 'meeting', meeting: id, slug, recording, state, feed, item: null })
    },
    babble() {
      for (const edge of edges) edge.write(Buffer.alloc(64, 0xff))
    },
    async close() {
      for (const edge of edges) edge.destroy()
      await new Promise<void>((done) => server.close(() => done()))
      await Promise.all(writers.map((writer) => writer.close()))
    },
  }
}

function segmentTeller(of: {
  writer: SpoolWriter
  tell: (message: LiveMessage, payload?: Uint8Array) => void
  span: SpanId
  recording: RecordingId
  event: (event: JournalEvent) => void
  content: RecordedContent
}): Pick<ScriptedRecording, 'segment' | 'begin'> {
  let index = 0
  let current: { readonly n: number; readonly written: readonly WrittenSegment[]; announced: number } | null = null
  const plan = () => {
    const n = of.writer.nextNumber()
    const written = of.content.map((rendition) => planSegment({ span: of.span, n, index, ...rendition }))
    index++
    return { n, written, announced: 0 }
  }
  const begin = (count: number) => {
    current ??= plan()
    const { n, written, announced } = current
    for (const { event, parts } of written) {
      for (const [offset, bytes] of parts.slice(announced, count).entries()) {
        const p = announced + offset
        const { durationTicks = 0, independent = false } = event.parts[p] ?? {}
        const place = { span: of.span, rendition: event.rendition, n, p }
        of.writer.part(place, bytes)
        of.tell({ type: 'part', recording: of.recording, ...place, durationTicks, independent }, bytes)
      }
    }
    current.announced = Math.max(announced, count)
    const [source] = written
    if (!source) throw new Error('there is always a source')
    return { written, source }
  }
  return {
    begin: (count) => begin(count).source.parts.slice(0, count),
    segment() {
      const { written, source } = begin(Number.MAX_SAFE_INTEGER)
      for (const { event } of written) of.event(event)
      current = null
      return source
    },
  }
}
