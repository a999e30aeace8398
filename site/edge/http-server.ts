import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { HostPort } from '#archive/core/config.ts'

/** Enough for cookies and long searches. */
const mostHeaderBytes = 16 * 1024
const headersWithinMs = 15_000
/** A resumable upload sends its pieces in requests far shorter than this. */
const requestWithinMs = 15 * 60_000
/** Neither side has sent or taken a byte: a reader that does not read is let go. Event streams beat more often. */
const idleMs = 60_000
const keepAliveMs = 30_000

/** The public HTTP port with its limits. Bad requests are answered 400 and closed. */
export function createHttpServer(handle: (request: IncomingMessage, response: ServerResponse) => void): Server {
  const server = createServer(
    {
      maxHeaderSize: mostHeaderBytes,
      headersTimeout: headersWithinMs,
      requestTimeout: requestWithinMs,
      keepAliveTimeout: keepAliveMs,
      connectionsCheckingInterval: 5_000,
    },
    handle,
  )
  server.setTimeout(idleMs)
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const status = error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request'
    if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
    else socket.destroy()
  })
  server.on('connect', (_request, socket) => socket.destroy())
  return server
}

export function listen(server: Server, { host, port }: HostPort): Promise<HostPort> {
  const { promise, resolve, reject } = Promise.withResolvers<HostPort>()
  server.once('error', reject)
  server.listen(port, host, () => {
    server.off('error', reject)
    resolve({ host, port: (server.address() as AddressInfo).port })
  })
  return promise
}

/** Stops accepting, lets answers end within the grace, then closes what is left. */
export function closeServer(server: Server, graceMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(() => server.closeAllConnections(), graceMs)
  server.close(() => {
    clearTimeout(timer)
    resolve()
  })
  server.closeIdleConnections()
  return promise
}
