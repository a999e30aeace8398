import { createServer, type Socket } from 'node:net'
import { type ErrorReport, reportOf } from '#archive/core/errors.ts'
import type { Log } from '#archive/core/log.ts'
import type { MeetingState } from '#archive/domain/meeting-state.ts'
import type { LiveQuestion, LiveRequest, RoomStatus } from '#archive/operations/live-control.ts'
import type { LiveMetrics } from '#archive/operations/live-metrics.ts'
import { listenOnPath } from './unix-listener.ts'

export type ControlAnswer =
  | {
      readonly ok: true
      readonly state?: MeetingState
      readonly rooms?: readonly RoomStatus[]
      readonly metrics?: LiveMetrics
    }
  | ({ readonly ok: false } & ErrorReport)

export type ControlHandler = (request: LiveQuestion) => Promise<ControlAnswer>

/** A request is a line; one longer than this is not one of ours. */
const longestLine = 1 << 20

export interface ControlServer {
  close(): Promise<void>
}

/** Answers lines of JSON on the UNIX socket at `path`, one answer a request, in order of arrival on each connection. */
export async function createControlServer(
  path: string,
  deps: { handle: ControlHandler; log: Log },
): Promise<ControlServer> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', (error) => deps.log.debug({ error: error.message }, 'control connection failed'))
    serve(socket, deps.handle)
  })
  await listenOnPath(server, path)
  return {
    close: () =>
      new Promise((done) => {
        for (const socket of sockets) socket.end()
        server.close(() => done())
      }),
  }
}

function serve(socket: Socket, handle: ControlHandler): void {
  let pending = ''
  let answered: Promise<void> = Promise.resolve()
  socket.setEncoding('utf8')
  socket.on('data', (text: string) => {
    pending += text
    if (pending.length > longestLine) socket.destroy()
    const lines = pending.split('\n')
    pending = lines.pop() ?? ''
    for (const line of lines) {
      // Handled at once, answered in order: a slow answer must not hold back a closed session that was asked for after it.
      const answer = answerTo(line, handle)
      answered = answered.then(async () => {
        const text = await answer
        if (socket.writable) socket.write(`${text}\n`)
      })
    }
  })
}

async function answerTo(line: string, handle: ControlHandler): Promise<string> {
  let id: LiveRequest['id'] | null = null
  try {
    const request = JSON.parse(line) as LiveRequest
    id = request.id
    return JSON.stringify({ id, ...(await handle(request)) })
  } catch (error) {
    return JSON.stringify({ id, ok: false, ...reportOf(error) })
  }
}
