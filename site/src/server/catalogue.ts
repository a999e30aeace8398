import { openCatalog } from '#archive/catalog/catalog.ts'
import { systemClock } from '#archive/core/clock.ts'
import type { Config } from '#archive/core/config.ts'
import { socketPath } from '#archive/core/socket-path.ts'
import { createOperations } from '#archive/operations/create-operations.ts'
import { createLiveControl } from '#archive/operations/live-control.ts'
import { FtsReader } from '#archive/search/fts-reader.ts'
import type { PublicRecord } from '../model/public-record.ts'

export interface OpenRecord {
  readonly record: PublicRecord
  close(): Promise<void>
}

/**
 * The only place where the site opens the catalogue; pages get the record through `Astro.locals`. It runs outside
 * Astro's bundle, so the code of the archive is loaded once, as it stands.
 */
export async function openRecord(config: Config): Promise<OpenRecord> {
  const catalog = await openCatalog({ file: config.catalogFile })
  const search = new FtsReader({ file: config.searchFile, town: catalog.town })
  const live = createLiveControl(socketPath(config.dataDir, 'live-control'))
  const record = createOperations({ catalog, live, search, clock: systemClock(), config, by: 'site' })
  return {
    record,
    async close() {
      search.close()
      await catalog.close()
    },
  }
}
