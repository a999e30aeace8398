import { newId } from '../core/ids.ts'
import type { TownDb } from './town-db.ts'

export interface AuditEntry {
  readonly atMs: number
  readonly by: string
  readonly action: string
  /** Id or slug of what it was done to. */
  readonly subject: string
  readonly detail?: string
}

/** Who did what, when. Never a secret. */
export async function addAudit(db: TownDb, { atMs, by, action, subject, detail = '' }: AuditEntry): Promise<void> {
  await db.sql
    .insertInto('audit')
    .values({ id: newId<'audit'>(), at_ms: atMs, by_whom: by, action, subject, detail })
    .execute()
}

/** Whether one of `actions` was done to `subject` since. */
export async function wasDone(
  db: TownDb,
  { subject, actions, sinceMs }: { subject: string; actions: readonly string[]; sinceMs: number },
): Promise<boolean> {
  const row = await db.sql
    .selectFrom('audit')
    .select('id')
    .where('subject', '=', subject)
    .where('action', 'in', [...actions])
    .where('at_ms', '>=', sinceMs)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** The latest first. */
export async function listAudit(db: TownDb, limit = 100): Promise<AuditEntry[]> {
  const rows = await db.sql.selectFrom('audit').selectAll().orderBy('at_ms', 'desc').limit(limit).execute()
  return rows.map(({ at_ms, by_whom, action, subject, detail }) => ({
    atMs: at_ms,
    by: by_whom,
    action,
    subject,
    detail,
  }))
}
