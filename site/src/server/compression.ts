import type { IncomingMessage, OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { constants, createGzip, type Gzip } from 'node:zlib'

const compressible =
  /^(?:text\/(?:html|plain|vtt|css|javascript)|application\/(?:json|xml|manifest\+json)|image\/svg\+xml)/

/**
 * Makes `response` gzip what is written to it when the client accepts that and the type gains by it (RFC 9110 8.4).
 * Each write is flushed, so that a streamed page is not held back.
 */
export function compressResponse(request: IncomingMessage, response: ServerResponse): void {
  if (request.method === 'HEAD' || !/\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) return
  const plain = {
    writeHead: response.writeHead.bind(response),
    write: response.write.bind(response),
    end: response.end.bind(response),
  }
  let gzip: Gzip | null = null

  const start = () => {
    if (!compressible.test(String(response.getHeader('content-type') ?? '')) || !mayChange(response)) return
    response.setHeader('content-encoding', 'gzip')
    response.appendHeader('vary', 'accept-encoding')
    response.removeHeader('content-length')
    gzip = createGzip({ level: 5, flush: constants.Z_SYNC_FLUSH })
    gzip.on('data', (bytes: Buffer) => plain.write(bytes))
    gzip.on('end', () => plain.end())
    response.once('close', () => gzip?.destroy())
  }

  response.writeHead = ((status: number, second?: unknown, third?: unknown) => {
    response.statusCode = status
    applyHeaders(response, (typeof second === 'object' ? second : third) as Headings | undefined)
    start()
    return plain.writeHead(status)
  }) as ServerResponse['writeHead']
  response.write = ((chunk: string | Uint8Array, ...rest: never[]) => {
    if (!response.headersSent) response.writeHead(response.statusCode)
    return gzip ? gzip.write(chunk) : plain.write(chunk, ...rest)
  }) as ServerResponse['write']
  response.end = ((chunk?: string | Uint8Array, ...rest: never[]) => {
    if (!response.headersSent) response.writeHead(response.statusCode)
    if (gzip) gzip.end(chunk)
    else plain.end(chunk, ...rest)
    return response
  }) as ServerResponse['end']
}

type Headings = OutgoingHttpHeaders | OutgoingHttpHeader[]

function mayChange(response: ServerResponse): boolean {
  const { statusCode } = response
  return !response.hasHeader('content-encoding') && statusCode !== 204 && statusCode !== 206 && statusCode !== 304
}

function applyHeaders(response: ServerResponse, headings: Headings | undefined): void {
  if (!headings || Array.isArray(headings)) return
  for (const [name, value] of Object.entries(headings)) if (value !== undefined) response.setHeader(name, value)
}
