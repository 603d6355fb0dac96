import type { FastifyRequest } from 'fastify';
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Db } from '../db/database.js';
import { keyById, type KeyRole } from '../db/machine-keys.js';
import { addSession, endSession, sessionByHash, type SigningKey } from '../db/sessions.js';

/** Of the configuration: the first keys, which make others, and what order tokens are derived from. */
export interface Keys {
  operatorKey: string | undefined;
  supervisorKey?: string | undefined;
  tokenSecret: string;
  /** People reach the API by https: its cookie never travels without. */
  https: boolean;
}

export interface Lookup {
  keys: Keys;
  database: { db: Db };
  now: () => number;
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export function same(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(sha256(a)), Buffer.from(sha256(b)));
}

const SESSION_MS = 12 * 3_600_000;
const cookieName = ({ https }: Keys): string => (https ? '__Host-preorder' : 'preorder');
const roles: readonly string[] = ['operator', 'supervisor'] satisfies KeyRole[];

/** A key of the configuration has no row that could be revoked: what it signs ends when it, or the secret, is changed. */
function sealOf(keys: Keys, id: string): string | null {
  const configured =
    id === 'operator' ? keys.operatorKey : id === 'supervisor' ? keys.supervisorKey : undefined;
  if (configured === undefined) return null;
  return createHmac('sha256', keys.tokenSecret)
    .update(`session:${id}:${sha256(configured)}`)
    .digest('base64url');
}

export const signingKey = (keys: Keys, id: string): SigningKey => ({ id, seal: sealOf(keys, id) });

interface KeyState {
  key_id: string;
  key_seal: string | null;
  role?: KeyRole | null;
  revoked_at?: number | null;
  key_expires_at?: number | null;
}

/** What the key may do now; undefined: it has been revoked or changed, or has expired. */
function roleOf(keys: Keys, state: KeyState, now: number): KeyRole | undefined {
  if (roles.includes(state.key_id)) {
    const seal = sealOf(keys, state.key_id);
    return seal !== null && state.key_seal !== null && same(seal, state.key_seal)
      ? (state.key_id as KeyRole)
      : undefined;
  }
  const ended = (state.revoked_at ?? null) !== null || (state.key_expires_at ?? Infinity) <= now;
  return ended ? undefined : (state.role ?? undefined);
}

/** As of a session, of a link that was made with the key. */
export async function linkStands({ keys, database, now }: Lookup, key: SigningKey): Promise<boolean> {
  const row = roles.includes(key.id) ? undefined : await keyById(database.db, key.id);
  const state = {
    key_id: key.id,
    key_seal: key.seal,
    role: row?.role ?? null,
    revoked_at: row?.revoked_at ?? null,
    key_expires_at: row?.expires_at ?? null,
  };
  return roleOf(keys, state, now()) !== undefined;
}

/** Signs a browser in: the cookie it keeps. The session carries the key, so that persons can be told apart. */
export async function openSession({ keys, database, now }: Lookup, key: SigningKey) {
  const value = randomBytes(32).toString('base64url');
  const expiresAt = now() + SESSION_MS;
  await addSession(database.db, { tokenHash: sha256(value), key, now: now(), expiresAt });
  return { ...emptyCookie(keys), value, maxAge: SESSION_MS / 1000 };
}

export async function closeSession({ keys, database }: Lookup, request: FastifyRequest): Promise<void> {
  const value = request.cookies[cookieName(keys)];
  if (value) await endSession(database.db, sha256(value));
}

/** Strict: sent between ports of one host, never from another site. */
export const emptyCookie = (keys: Keys) =>
  ({
    name: cookieName(keys),
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: keys.https,
  }) as const;

export interface Signed {
  kind: KeyRole;
  id: string;
  /** Epoch ms: there is a session, and it ends then. */
  until: number;
}

/** Whose cookie it is, sent by a page that may use it: one of this API's own, or of `otherOrigin`. */
export async function sessionOf(
  { keys, database, now }: Lookup,
  request: FastifyRequest,
  otherOrigin?: string,
): Promise<Signed | undefined> {
  const value = request.cookies[cookieName(keys)];
  if (!value || !mayUseCookie(keys, request, otherOrigin)) return undefined;
  const row = await sessionByHash(database.db, sha256(value), now());
  const kind = row && roleOf(keys, row, now());
  return kind && { kind, id: row.key_id, until: Math.min(row.expires_at, row.key_expires_at ?? Infinity) };
}

function mayUseCookie(keys: Keys, request: FastifyRequest, otherOrigin?: string): boolean {
  const { origin } = request.headers;
  // Browsers leave the origin out only where nothing is changed: a page at another port is the same site, too.
  if (origin === undefined) return request.method === 'GET' || request.method === 'HEAD';
  return origin === otherOrigin || isOwnOrigin(keys, request);
}

export function isOwnOrigin(keys: Keys, { headers: { origin, host } }: FastifyRequest): boolean {
  return origin === `${keys.https ? 'https' : 'http'}://${host}`;
}
