import { createServer, type Server, type Socket } from 'node:net'
import type { Log } from '#archive/core/log.ts'
import { encodeFrame, type LiveFrame, type LiveMessage } from '#archive/hls/live-message.ts'
import { listenOnPath } from './unix-listener.ts'

/** An edge that has this much unread is too slow to be of use: it is dropped and comes back to a fresh start. */
const mostUnreadBytes = 64 << 20

/** What an edge must be told before increments make sense to it; frames come from disk and from memory. */
export type Backlog = () => AsyncIterable<LiveFrame>

export interface FeedServer {
  /** To every edge, at once; never waits for any of them. */
  broadcast(message: LiveMessage, payload?: Uint8Array): void
  close(): Promise<void>
}

interface Edge {
  readonly socket: Socket
  /** Frames that arrived while the backlog was being sent; null afterwards. */
  waiting: Buffer[] | null
}

/** Serves edges over the UNIX socket at `path`: `hello`, the backlog, `synced`, then every broadcast in order. */
export async function createFeedServer(path: string, deps: { backlog: Backlog; log: Log }): Promise<FeedServer> {
  const edges = new Set<Edge>()
  const server: Server = createServer((socket) => {
    const edge: Edge = { socket, waiting: [] }
    edges.add(edge)
    socket.on('error', (error) => deps.log.warn({ error: error.message }, 'edge connection failed'))
    socket.on('close', () => edges.delete(edge))
    socket.resume()
    greet(edge, deps.backlog).catch((error: unknown) => {
      deps.log.error({ err: error }, 'an edge could not be brought up to date')
      socket.destroy()
    })
  })
  await listenOnPath(server, path)
  return {
    broadcast(message, payload) {
      if (edges.size === 0) return
      const frame = encodeFrame(message, payload)
      for (const edge of edges) send(edge, frame, deps.log)
    },
    close: () =>
      new Promise((done) => {
        for (const edge of edges) edge.socket.end()
        server.close(() => done())
      }),
  }
}

async function greet(edge: Edge, backlog: Backlog): Promise<void> {
  for await (const { message, payload } of backlog()) {
    if (edge.socket.destroyed) return
    if (!edge.socket.write(encodeFrame(message, payload))) await drained(edge.socket)
  }
  edge.socket.write(encodeFrame({ type: 'synced' }))
  for (const frame of edge.waiting ?? []) edge.socket.write(frame)
  edge.waiting = null
}

function drained(socket: Socket): Promise<void> {
  return new Promise((done) => {
    const settle = () => {
      socket.off('drain', settle).off('close', settle)
      done()
    }
    socket.on('drain', settle).on('close', settle)
  })
}

function send(edge: Edge, frame: Buffer, log: Log): void {
  const unread = edge.socket.writableLength + (edge.waiting ?? []).reduce((sum, waiting) => sum + waiting.length, 0)
  if (unread > mostUnreadBytes) {
    log.warn({ unread }, 'an edge is too slow and was dropped')
    edge.socket.destroy()
    return
  }
  if (edge.waiting) edge.waiting.push(frame)
  else edge.socket.write(frame)
}
