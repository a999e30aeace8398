import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Catalog } from '../catalog/catalog.ts'
import { systemClock } from '../core/clock.ts'
import type { Config } from '../core/config.ts'
import { socketPath } from '../core/socket-path.ts'
import { createOperations } from '../operations/create-operations.ts'
import { createLiveControl } from '../operations/live-control.ts'
import type { Operations } from '../operations/operations.ts'
import { FtsReader } from '../search/fts-reader.ts'

/** The operations on an open catalogue, with links that lead to the product that runs on this data folder. */
export function openOperations(catalog: Catalog, config: Config): Operations {
  return createOperations({
    catalog,
    live: createLiveControl(socketPath(config.dataDir, 'live-control')),
    search: new FtsReader({ file: config.searchFile, town: catalog.town }),
    clock: systemClock(),
    config: {
      publicUrl: config.publicUrl ?? runningSite(config.dataDir),
      timeZone: config.timeZone,
      language: config.language,
    },
  })
}

/** The address of the site that runs on this data folder; null when none does. */
function runningSite(dataDir: string): string | null {
  try {
    const addresses: unknown = JSON.parse(readFileSync(join(dataDir, 'run', 'addresses.json'), 'utf8'))
    return typeof addresses === 'object' && addresses && 'http' in addresses ? String(addresses.http) : null
  } catch {
    return null
  }
}
