import type { Transaction } from 'kysely'
import { newId, type TownId } from '../core/ids.ts'
import type { Tables } from './tables.ts'

export async function townBySlug(sql: Transaction<Tables>, slug: string): Promise<TownId | null> {
  const row = await sql.selectFrom('town').select('id').where('slug', '=', slug).executeTakeFirst()
  return row?.id ?? null
}

/** The town's id, whoever was first to add it. */
export async function addTown(sql: Transaction<Tables>, slug: string, nowMs: number): Promise<TownId> {
  const known = await townBySlug(sql, slug)
  if (known) return known
  const id = newId<'town'>()
  await sql.insertInto('town').values({ id, slug, created_at_ms: nowMs }).execute()
  return id
}
