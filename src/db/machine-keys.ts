import type { Db } from './database.js';
import { at } from './schema.js';

export type KeyRole = 'operator' | 'supervisor';

export interface NewKey {
  id: string;
  name: string;
  role: KeyRole;
  keyHash: string;
  /** The id of the key that made it. */
  createdBy: string;
  createdAt: number;
  expiresAt: number | null;
}

export async function addKey(db: Db, key: NewKey): Promise<void> {
  await db
    .insertInto('machine_keys')
    .values({
      id: key.id,
      name: key.name,
      role: key.role,
      key_hash: key.keyHash,
      created_by: key.createdBy,
      created_at: at(key.createdAt),
      expires_at: key.expiresAt === null ? null : at(key.expiresAt),
    })
    .execute();
}

/** From then on the key opens nothing. False: there is no such key. Revoking twice keeps the first instant. */
export async function revokeKey(db: Db, id: string, now: number): Promise<boolean> {
  await db
    .updateTable('machine_keys')
    .set({ revoked_at: at(now) })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .execute();
  return (await keyById(db, id)) !== undefined;
}

export async function keyById(db: Db, id: string) {
  return db
    .selectFrom('machine_keys')
    .select(['id', 'name', 'role', 'key_hash', 'expires_at', 'revoked_at'])
    .where('id', '=', id)
    .executeTakeFirst();
}

/** Without their hashes. */
export async function allKeys(db: Db) {
  return db
    .selectFrom('machine_keys')
    .select(['id', 'name', 'role', 'created_by', 'created_at', 'expires_at', 'revoked_at'])
    .orderBy('created_at')
    .execute();
}
