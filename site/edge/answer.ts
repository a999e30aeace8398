import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { StoredMedia } from '#archive/storage/media-store.ts'

/** What is sent back. A stream is read only when it is wanted, one chunk at a time. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | Streamed | null
}

export interface Streamed {
  readonly lengthBytes: number
  /** Null when the bytes are gone. */
  open(): Promise<StoredMedia | null>
}

/** Media and playlists may be played from any page (and must be, for embedded players). */
export const openToAll = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'content-length, content-range, etag, age, date',
  'cross-origin-resource-policy': 'cross-origin',
} as const

const always = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'strict-origin-when-cross-origin',
} as const

export function plainAnswer(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...openToAll, ...headers },
    body: Buffer.from(`${text}\n`),
  }
}

export const notFound = plainAnswer(404, 'There is nothing at this address.')
export const gone = plainAnswer(410, 'This has been withdrawn.')

/** Never rejects: what fails after the headers can only end the connection. */
export async function sendAnswer(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  const { body } = answer
  const isStream = body !== null && !(body instanceof Uint8Array)
  const headers = { ...always, ...answer.headers }
  const sized = (lengthBytes: number) => ({ ...headers, 'content-length': String(lengthBytes) })
  try {
    if (isStream && request.method !== 'HEAD') {
      await stream(body, response, { status: answer.status, headers: sized(body.lengthBytes) })
    } else if (isStream) {
      response.writeHead(answer.status, sized(body.lengthBytes)).end()
    } else {
      response.writeHead(answer.status, body ? sized(body.length) : headers)
      response.end(request.method === 'HEAD' ? undefined : body)
    }
  } catch {
    response.destroy()
  }
}

interface Head {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
}

async function stream(body: Streamed, response: ServerResponse, { status, headers }: Head): Promise<void> {
  const media = await body.open()
  if (!media) {
    response.writeHead(notFound.status, notFound.headers).end(notFound.body)
    return
  }
  try {
    response.writeHead(status, headers)
    await pipeline(media.content, response)
  } finally {
    // A reader that has gone before the first byte leaves the content unread.
    await media.cancel()
  }
}

/** Whether a header of entity tags names `etag` (RFC 9110 8.8.3.2, weak comparison). */
export function matchesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  const bare = (tag: string) => tag.trim().replace(/^W\//, '')
  return header.trim() === '*' || header.split(',').some((tag) => bare(tag) === bare(etag))
}
