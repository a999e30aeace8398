import {
  Agent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { Log } from '#archive/core/log.ts'
import { sendUnavailable } from './unavailable.ts'

export interface Forwarder {
  forward(request: IncomingMessage, response: ServerResponse): void
  close(): void
}

export interface ForwarderOptions {
  readonly socketFile: string
  /** Scheme of the address under which the public reaches the site. */
  readonly scheme: 'http' | 'https'
  readonly log: Log
}

/** Fields that concern one connection only (RFC 9110 7.6.1). */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Sends requests on to the site's socket, bodies as streams in both directions; whoever goes first ends the other side. */
export function createForwarder({ socketFile, scheme, log }: ForwarderOptions): Forwarder {
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 32 })

  const attempt = (request: IncomingMessage, response: ServerResponse, isRetry: boolean) => {
    const onward = httpRequest({
      agent,
      socketPath: socketFile,
      method: request.method ?? 'GET',
      path: request.url ?? '/',
      headers: onwardHeaders(request, scheme),
      // Values are passed as they came: a rewritten header may mean something else.
      setHost: false,
    })
    onward.once('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, endToEnd(answer))
      answer.pipe(response)
      answer.once('error', () => response.destroy())
    })
    onward.once('error', (error) => {
      const isBegun = response.headersSent || response.destroyed
      // A kept connection may have been closed by the site in the same moment; a request without a body can go again.
      if (isBegun) response.destroy()
      else if (!isRetry && onward.reusedSocket && isBodyless(request)) attempt(request, response, true)
      else {
        log.warn({ error: error.message }, 'the site does not answer')
        sendUnavailable(request, response)
      }
    })
    response.once('close', () => onward.destroy())
    if (isBodyless(request)) onward.end()
    else request.pipe(onward)
  }

  return {
    forward(request, response) {
      try {
        attempt(request, response, false)
      } catch {
        // A target or header that HTTP does not allow.
        response.writeHead(400, { 'content-type': 'text/plain; charset=utf-8' }).end('Bad request.\n')
      }
    },
    close: () => agent.destroy(),
  }
}

function isBodyless({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0'
}

function onwardHeaders(request: IncomingMessage, scheme: string): IncomingHttpHeaders {
  const kept = Object.entries(request.headers).filter(
    ([name]) => !hopByHop.has(name) && name !== 'forwarded' && name !== 'expect' && !name.startsWith('x-forwarded-'),
  )
  return {
    ...Object.fromEntries(kept),
    ...(request.headers['transfer-encoding'] === undefined ? {} : { 'transfer-encoding': 'chunked' }),
    host: request.headers.host ?? 'localhost',
    'x-forwarded-for': request.socket.remoteAddress ?? '',
    'x-forwarded-host': request.headers.host ?? 'localhost',
    'x-forwarded-proto': scheme,
  }
}

/** Pairs as they came, so that several Set-Cookie stay several. */
function endToEnd(answer: IncomingMessage): string[] {
  const named = new Set((answer.headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase()))
  const pairs: string[] = []
  for (let i = 0; i + 1 < answer.rawHeaders.length; i += 2) {
    const name = answer.rawHeaders[i] ?? ''
    if (!hopByHop.has(name.toLowerCase()) && !named.has(name.toLowerCase()))
      pairs.push(name, answer.rawHeaders[i + 1] ?? '')
  }
  const absent = (name: string) => answer.headers[name] === undefined
  if (absent('x-content-type-options')) pairs.push('x-content-type-options', 'nosniff')
  if (absent('referrer-policy')) pairs.push('referrer-policy', 'strict-origin-when-cross-origin')
  return pairs
}
