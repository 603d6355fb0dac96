import type { FastifyRequest } from 'fastify';
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Of the configuration: the first keys, which make others, and what order tokens are derived from. */
export interface Keys {
  operatorKey: string | undefined;
  supervisorKey?: string | undefined;
  tokenSecret: string;
  /** People reach the API by https: its cookie never travels without. */
  https: boolean;
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export function same(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(sha256(a)), Buffer.from(sha256(b)));
}

const SESSION_MS = 12 * 3_600_000;
const cookieName = ({ https }: Keys): string => (https ? '__Host-preorder' : 'preorder');

/** Ends by itself, and at once when the operator key or the secret is changed. */
const sealOf = (keys: Keys, until: string): string =>
  createHmac('sha256', keys.tokenSecret)
    .update(`session:${until}:${sha256(keys.operatorKey ?? '')}`)
    .digest('base64url');

/** What a browser keeps once its operator has signed in. */
export function sessionCookie(keys: Keys, now = Date.now()) {
  const until = String(now + SESSION_MS);
  return {
    name: cookieName(keys),
    value: `${until}.${sealOf(keys, until)}`,
    // Strict: sent between ports of one host, never from another site.
    options: {
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
      secure: keys.https,
      maxAge: SESSION_MS / 1000,
    } as const,
  };
}

/** A cookie of ours, sent by a page that may use it: one of this API's own, or of `otherOrigin`. */
export function hasSession(
  keys: Keys,
  request: FastifyRequest,
  otherOrigin?: string,
  now = Date.now(),
): boolean {
  const [until = '', seal = ''] = request.cookies[cookieName(keys)]?.split('.') ?? [];
  if (!keys.operatorKey || !same(seal, sealOf(keys, until)) || Number(until) <= now) return false;
  const { origin, host } = request.headers;
  // Browsers leave the origin out only where nothing is changed: a page at another port is the same site, too.
  if (origin === undefined) return request.method === 'GET' || request.method === 'HEAD';
  return origin === otherOrigin || origin === `${keys.https ? 'https' : 'http'}://${host}`;
}
