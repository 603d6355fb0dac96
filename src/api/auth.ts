import type { FastifyRequest } from 'fastify';
import { createHmac } from 'node:crypto';
import { keyById, type KeyRole } from '../db/machine-keys.js';
import { machineKeyIdOf } from '../domain/identity.js';
import type { Actor } from '../domain/order.js';
import type { Subject } from './access.js';
import { HttpProblem } from './problems.js';
import { orderCookieName } from './order-cookie.js';
import { same, sessionOf, sha256, type Keys, type Lookup } from './session.js';

/**
 * The customer's capability for one order: 192 bits, derived, so that a repeated placing can give it again. `number`: the
 * order's, which the next one ends.
 */
export function orderToken(keys: Keys, orderId: string, number = 0): string {
  const name = number === 0 ? orderId : `${orderId}:${number}`;
  return `pot_${createHmac('sha256', keys.tokenSecret).update(name).digest('base64url').slice(0, 32)}`;
}

/**
 * Reads `Authorization: Bearer`: a machine key or an order token. A key that is neither is refused, not ignored. Without
 * one, the cookie of an operator who has signed in, from pages of the API itself or of `otherOrigin`.
 */
export async function identify(
  deps: Lookup,
  request: FastifyRequest,
  otherOrigin?: string,
): Promise<Subject> {
  const header = request.headers.authorization;
  if (header === undefined) {
    return (await sessionOf(deps, request, otherOrigin)) ?? { kind: 'anonymous' };
  }
  const given = /^Bearer ([\x21-\x7e]{10,200})$/.exec(header)?.[1];
  const subject = given && ((await machineOf(deps, given)) ?? customer(given));
  if (subject) return subject;
  throw new HttpProblem(401, 'unknown_key', 'The key in the Authorization header is not known here.');
}

/** On a customer's page an operator's cookie says nothing: whoever looks there is whoever the order's cookie says. */
export async function identifyOnPage(deps: Lookup, request: FastifyRequest): Promise<Subject> {
  if (request.headers.authorization !== undefined) return identify(deps, request);
  return customer(request.cookies[orderCookieName(deps.keys)] ?? '') ?? { kind: 'anonymous' };
}

/** Whose machine key it is. Throws when it has ended. */
export async function machineOf(
  { keys, database, now }: Lookup,
  given: string,
): Promise<{ kind: KeyRole; id: string } | undefined> {
  for (const kind of ['operator', 'supervisor'] as const) {
    const configured = keys[`${kind}Key`];
    if (configured && same(configured, given)) return { kind, id: kind };
  }
  const id = machineKeyIdOf(given);
  const key = id === undefined ? undefined : await keyById(database.db, id);
  if (!key || !same(key.key_hash, sha256(given))) return undefined;
  if (key.revoked_at !== null || (key.expires_at !== null && key.expires_at <= now()))
    throw new HttpProblem(
      401,
      'key_ended',
      'This key has expired or was revoked: ask a supervisor for a new one.',
    );
  return { kind: key.role, id: key.id };
}

export const customer = (given: string): Subject | undefined =>
  given.startsWith('pot_') ? { kind: 'customer', tokenHash: sha256(given) } : undefined;

/** Short enough to say nothing of the token, long enough to tell two customers apart. */
const tokenName = (tokenHash: string): string => `token:${tokenHash.slice(0, 12)}`;

export function actorOf(subject: Subject): Actor {
  switch (subject.kind) {
    case 'operator':
    case 'supervisor':
    case 'partner':
      return { kind: subject.kind, id: subject.id };
    case 'customer':
      return { kind: 'customer', id: tokenName(subject.tokenHash) };
    case 'anonymous':
      return { kind: 'customer', id: 'anonymous' };
  }
}
