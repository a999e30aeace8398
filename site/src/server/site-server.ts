import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { PublicRecord, TownFacts } from '../model/public-record.ts'
import { compressResponse } from './compression.ts'
import { staticFiles } from './static-files.ts'

/** What the built site exports (`dist/server/entry.mjs`, adapter in middleware mode). */
export type PageHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  next: undefined,
  locals: { readonly record: PublicRecord; readonly town: TownFacts },
) => Promise<void>

export interface SiteParts {
  readonly clientDir: string
  readonly handler: PageHandler
  readonly record: PublicRecord
  readonly town: TownFacts
  readonly onError: (error: unknown) => void
}

/** The site without an address: files of the client first, pages and API after them. */
export function createSiteServer({ clientDir, handler, record, town, onError }: SiteParts): Server {
  const serveFile = staticFiles(clientDir)
  return createServer((request, response) => {
    if (serveFile(request, response)) return
    compressResponse(request, response)
    handler(request, response, undefined, { record, town }).catch((error: unknown) => {
      onError(error)
      response.destroy()
    })
  })
}
