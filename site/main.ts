import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { readConfig } from '#archive/core/config.ts'
import { AppError } from '#archive/core/errors.ts'
import { createLog } from '#archive/core/log.ts'
import { socketPath } from '#archive/core/socket-path.ts'
import { openRecord } from './src/server/catalogue.ts'
import { createSiteServer, type PageHandler } from './src/server/site-server.ts'

/** The site process: pages, API and client files on the UNIX socket `site`, which the edge forwards to. */
const config = readConfig()
const log = createLog('site', config.logLevel)
const { record, close } = await openRecord(config)
const server = createSiteServer({
  clientDir: join(import.meta.dirname, 'dist/client'),
  handler: await loadPages(join(import.meta.dirname, 'dist/server')),
  record,
  town: { name: config.townName, language: config.language, publicUrl: config.publicUrl },
  onError: (error) => log.error({ err: error }, 'page could not be answered'),
})

const socket = socketPath(config.dataDir, 'site')
// What a killed process left behind would make listening fail.
rmSync(socket, { force: true })
server.listen(socket, () => {
  log.info('site ready')
  process.send?.({ type: 'ready' })
})

/**
 * Loads what `astro build` made, every page of it: left to the first visitor, a page would be slow once, and missing
 * when an upgrade has replaced the folder meanwhile.
 */
async function loadPages(folder: string): Promise<PageHandler> {
  const load = (path: string): Promise<unknown> => import(pathToFileURL(join(folder, path)).href)
  try {
    const { handler } = (await load('entry.mjs')) as { handler: PageHandler }
    const chunks = readdirSync(join(folder, 'chunks')).filter((name) => name.endsWith('.mjs'))
    await Promise.all(chunks.map((name) => load(join('chunks', name))))
    return handler
  } catch (cause) {
    throw new AppError('SITE_NOT_BUILT', { cause })
  }
}

/** Requests in flight get this long to end. */
const graceMs = 2_000

let stopping = false
function stop(): void {
  if (stopping) return
  stopping = true
  server.close(() => {
    void close().finally(() => process.exit(0))
  })
  server.closeIdleConnections()
  setTimeout(() => server.closeAllConnections(), graceMs).unref()
}

process.on('SIGTERM', stop)
process.on('disconnect', stop)
// The parent decides: an interrupt from the terminal reaches it too.
process.on('SIGINT', () => {})
