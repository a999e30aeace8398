import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { LiveRequest } from '#archive/operations/live-control.ts'

export interface ControlServer {
  readonly path: string
  readonly requests: LiveRequest[]
}

/** Answers the protocol of *live*'s control socket; an answer of null is silence, a string is sent as it stands. */
export async function listenAsLive(
  answer: (request: LiveRequest) => Record<string, unknown> | string | null,
): Promise<ControlServer> {
  const folder = mkdtempSync(join(tmpdir(), 'hemicycle-control-'))
  const path = join(folder, 'live.sock')
  const requests: LiveRequest[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    let text = ''
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => {
      text += chunk
      const lines = text.split('\n')
      text = lines.pop() ?? ''
      for (const line of lines) {
        const request = JSON.parse(line) as LiveRequest
        requests.push(request)
        const reply = answer(request)
        if (typeof reply === 'string') socket.end(reply)
        else if (reply) socket.write(`${JSON.stringify({ id: request.id, ...reply })}\n`)
      }
    })
  })
  await new Promise<void>((ready) => server.listen(path, ready))
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((done) => server.close(done))
    rmSync(folder, { recursive: true, force: true })
  })
  return { path, requests }
}
