import { openCatalog } from '../catalog/catalog.ts'
import { closeStalePublishSessions } from '../catalog/sessions.ts'
import type { Log } from '../core/log.ts'

/**
 * Writes down that no encoder is connected any more, for a *live* that ended without a word: pages and API would
 * otherwise call its meetings well until it is back. `atMs` is WallTime of its end. Never rejects.
 */
export async function noteLostLive(catalogFile: string, atMs: number, log: Log): Promise<void> {
  try {
    const catalog = await openCatalog({ file: catalogFile })
    try {
      await catalog.write((db) => closeStalePublishSessions(db, atMs))
    } finally {
      await catalog.close()
    }
  } catch (error) {
    log.warn({ err: error }, 'the catalogue could not be told that live is gone')
  }
}
