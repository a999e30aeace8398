import type { Transaction } from 'kysely'
import type { TownId } from '../core/ids.ts'
import type { Tables } from './tables.ts'

/**
 * One town's rows, within one transaction: `sql` cannot reach another town's. Every module of the catalogue takes it
 * first; only `Catalog.read` and `Catalog.write` make one.
 */
export interface TownDb {
  readonly town: TownId
  readonly sql: Transaction<Tables>
}
