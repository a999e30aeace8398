import type { Catalog } from '../catalog/catalog.ts'
import type { Clock } from '../core/clock.ts'
import type { Config } from '../core/config.ts'
import type { SearchReader } from '../search/search-index.ts'
import type { LiveControl } from './live-control.ts'

export interface OperationsDeps {
  readonly catalog: Catalog
  readonly live: LiveControl
  readonly search: Pick<SearchReader, 'query'>
  readonly clock: Clock
  readonly config: Pick<Config, 'publicUrl' | 'timeZone' | 'language'>
  /** Who asks, for the audit: `cli` when absent. */
  readonly by?: string
}

export function askedBy({ by = 'cli' }: OperationsDeps): string {
  return by
}

export function nowOf({ clock }: OperationsDeps): number {
  return Math.round(clock.wallMs())
}
