import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ScriptedOrigin } from '../../unit/conformance/virtual-network.ts'

export interface ModelServer {
  readonly url: string
  close(): Promise<void>
}

/** A scripted origin behind a real HTTP port, in real time. */
export async function serveModel(origin: ScriptedOrigin): Promise<ModelServer> {
  const startedAt = performance.now()
  const now = () => performance.now() - startedAt
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const sentAtMs = now()
    const attempt = () => {
      const reply = origin.answer(url, { sentAtMs, nowMs: now() })
      if ('again' in reply) {
        setTimeout(attempt, Math.max(1, reply.again - now()))
        return
      }
      setTimeout(
        () => response.writeHead(reply.status, reply.headers).end(reply.body),
        Math.max(0, reply.readyAtMs - now()),
      )
    }
    attempt()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/live/council/index.m3u8`,
    close: () => {
      server.closeAllConnections()
      return new Promise((done) => server.close(() => done()))
    },
  }
}
