import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { base32, type KeyId, newId, type RoomId } from '../core/ids.ts'
import type { StreamKeyTable } from './tables.ts'
import type { TownDb } from './town-db.ts'

export interface StreamKey {
  readonly id: KeyId
  readonly room: RoomId
  readonly createdAtMs: number
  readonly revokedAtMs: number | null
}

const keyBytes = 20

/** `key` (160 random bits, 32 characters) is told this once: what is kept is its hash. */
export async function addKey(db: TownDb, room: RoomId, nowMs: number): Promise<{ id: KeyId; key: string }> {
  const id = newId<'key'>()
  const key = base32(randomBytes(keyBytes))
  await db.sql
    .insertInto('stream_key')
    .values({ id, room, hash: keyHash(key), created_at_ms: nowMs, revoked_at_ms: null })
    .execute()
  return { id, key }
}

/** The latest first, revoked ones included. */
export async function listKeys(db: TownDb): Promise<StreamKey[]> {
  const rows = await db.sql.selectFrom('stream_key').selectAll().orderBy('created_at_ms', 'desc').execute()
  return rows.map(keyOf)
}

/** Null when there is no such key. Revoking twice keeps the first time. */
export async function revokeKey(db: TownDb, id: KeyId, nowMs: number): Promise<StreamKey | null> {
  await db.sql
    .updateTable('stream_key')
    .set({ revoked_at_ms: nowMs })
    .where('id', '=', id)
    .where('revoked_at_ms', 'is', null)
    .execute()
  const row = await db.sql.selectFrom('stream_key').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? keyOf(row) : null
}

/** SHA-256 in hex. The key is random, so that a plain hash is as good as a slow one. */
export function keyHash(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

/** The candidate whose hash is the key's, compared in constant time; all of them are looked at. */
export function matchingKey<K extends { readonly hash: string }>(key: string, candidates: readonly K[]): K | null {
  const wanted = createHash('sha256').update(key).digest()
  let found: K | null = null
  for (const candidate of candidates) {
    const hash = Buffer.from(candidate.hash, 'hex')
    if (hash.length === wanted.length && timingSafeEqual(hash, wanted)) found = candidate
  }
  return found
}

function keyOf(row: Omit<StreamKeyTable, 'town'>): StreamKey {
  return { id: row.id, room: row.room, createdAtMs: row.created_at_ms, revokedAtMs: row.revoked_at_ms }
}
