import type { Transaction } from 'kysely'
import { newId, type TownId } from '../core/ids.ts'
import type { Tables } from './tables.ts'
import type { TownDb } from './town-db.ts'

const unknownZone = 'UTC'

/** The town's id; its row is made when missing. A zone that is given becomes the town's. */
export async function openTown(
  sql: Transaction<Tables>,
  town: { slug: string; timeZone: string | null },
  nowMs: number,
): Promise<TownId> {
  const { slug, timeZone } = town
  const known = await sql.selectFrom('town').select(['id', 'time_zone']).where('slug', '=', slug).executeTakeFirst()
  if (known) {
    if (timeZone && timeZone !== known.time_zone) {
      await sql.updateTable('town').set({ time_zone: timeZone }).where('id', '=', known.id).execute()
    }
    return known.id
  }
  const id = newId<'town'>()
  await sql
    .insertInto('town')
    .values({ id, slug, time_zone: timeZone ?? unknownZone, created_at_ms: nowMs })
    .execute()
  return id
}

/** IANA name. */
export async function townZone(db: TownDb): Promise<string> {
  const row = await db.sql.selectFrom('town').select('time_zone').where('id', '=', db.town).executeTakeFirstOrThrow()
  return row.time_zone
}
