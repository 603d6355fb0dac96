import type { Db } from './database.js';
import { at, instant } from './schema.js';

/** The key that signs a browser in. `seal`: of a key of the configuration; null: a key of machine_keys. */
export interface SigningKey {
  id: string;
  seal: string | null;
}

export async function addSession(
  db: Db,
  session: { tokenHash: string; key: SigningKey; now: number; expiresAt: number },
): Promise<void> {
  const { tokenHash, key, now, expiresAt } = session;
  await db.deleteFrom('sessions').where('expires_at', '<=', instant(now)).execute();
  await db
    .insertInto('sessions')
    .values({
      token_hash: tokenHash,
      key_id: key.id,
      key_seal: key.seal,
      created_at: at(now),
      expires_at: at(expiresAt),
    })
    .execute();
}

export async function endSession(db: Db, tokenHash: string): Promise<void> {
  await db.deleteFrom('sessions').where('token_hash', '=', tokenHash).execute();
}

/** With what has become of its key. */
export async function sessionByHash(db: Db, tokenHash: string, now: number) {
  return db
    .selectFrom('sessions')
    .leftJoin('machine_keys', 'machine_keys.id', 'sessions.key_id')
    .select(['sessions.key_id', 'sessions.key_seal', 'sessions.expires_at'])
    .select(['role', 'revoked_at', 'machine_keys.expires_at as key_expires_at'])
    .where('token_hash', '=', tokenHash)
    .where('sessions.expires_at', '>', instant(now))
    .executeTakeFirst();
}

export async function addSignInLink(
  db: Db,
  link: {
    codeHash: string;
    key: SigningKey;
    leadsTo: 'console' | 'temporal';
    now: number;
    expiresAt: number;
  },
): Promise<void> {
  const { codeHash, key, leadsTo, now, expiresAt } = link;
  await db.deleteFrom('sign_in_links').where('expires_at', '<=', instant(now)).execute();
  await db
    .insertInto('sign_in_links')
    .values({
      code_hash: codeHash,
      key_id: key.id,
      key_seal: key.seal,
      leads_to: leadsTo,
      expires_at: at(expiresAt),
    })
    .execute();
}

/** Takes a link, once: whoever comes second, at whatever process, finds none. */
export async function takeSignInLink(db: Db, codeHash: string, now: number) {
  return db
    .deleteFrom('sign_in_links')
    .where('code_hash', '=', codeHash)
    .where('expires_at', '>', instant(now))
    .returning(['key_id', 'key_seal', 'leads_to'])
    .executeTakeFirst();
}
