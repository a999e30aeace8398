import type { Transaction } from 'kysely'
import { newId, type TownId } from '../core/ids.ts'
import type { Tables } from './tables.ts'

/** The town's id; its row is made when missing. */
export async function openTown(sql: Transaction<Tables>, slug: string, nowMs: number): Promise<TownId> {
  const known = await sql.selectFrom('town').select('id').where('slug', '=', slug).executeTakeFirst()
  if (known) return known.id
  const id = newId<'town'>()
  await sql.insertInto('town').values({ id, slug, created_at_ms: nowMs }).execute()
  return id
}
