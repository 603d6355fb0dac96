import type { FastifyRequest } from 'fastify';
import { createHmac } from 'node:crypto';
import type { OrderAction } from '../domain/lifecycle.js';
import type { Actor } from '../domain/order.js';
import { HttpProblem, notFound } from './problems.js';
import { hasSession, same, sha256, type Keys } from './session.js';

export type Subject =
  { kind: 'anonymous' } | { kind: 'operator'; id: string } | { kind: 'customer'; tokenHash: string };

/** What a caller may want; the names of RELIABILITY's table of edges. */
export type Action = 'browse' | 'place' | 'read' | 'list' | 'manage' | 'decode' | 'webhook' | OrderAction;

const operatorOnly: Action[] = [
  'list',
  'manage',
  'decode',
  'start-fulfillment',
  'item-picked',
  'confirm-delivery',
  'resolve',
];

/** The customer's capability for one order: 192 bits, derived, so that a repeated placing can give it again. */
export function orderToken(keys: Keys, orderId: string): string {
  return `pot_${createHmac('sha256', keys.tokenSecret).update(orderId).digest('base64url').slice(0, 32)}`;
}

const operator: Subject = { kind: 'operator', id: 'operator' };

/**
 * Reads `Authorization: Bearer`, an operator key or an order token; a key that is neither is refused, not ignored.
 * Without one, the cookie of an operator who has signed in, from pages of the API itself or of `otherOrigin`.
 */
export function identify(keys: Keys, request: FastifyRequest, otherOrigin?: string): Subject {
  const header = request.headers.authorization;
  if (header === undefined) return hasSession(keys, request, otherOrigin) ? operator : { kind: 'anonymous' };
  const given = /^Bearer ([\x21-\x7e]{10,200})$/.exec(header)?.[1];
  if (given && keys.operatorKey && same(given, keys.operatorKey)) return operator;
  if (given?.startsWith('pot_')) return { kind: 'customer', tokenHash: sha256(given) };
  throw new HttpProblem(401, 'unknown_key', 'The key in the Authorization header is not known here.');
}

/** The one rule for every door. For an order of somebody else it answers 404, as if there were none. */
export function authorize(
  subject: Subject,
  action: Action,
  order?: { id: string; token_hash: string },
): void {
  if (subject.kind === 'operator') return;
  if (operatorOnly.includes(action)) {
    if (subject.kind === 'customer') throw new HttpProblem(403, 'forbidden', 'Only an operator can do this.');
    throw new HttpProblem(401, 'key_missing', 'An operator key is needed: Authorization: Bearer <key>.');
  }
  if (action !== 'read' && action !== 'cancel') return;
  if (subject.kind === 'anonymous') {
    throw new HttpProblem(
      401,
      'key_missing',
      "The order's token or an operator key is needed: Authorization: Bearer <key>.",
    );
  }
  if (!order || order.token_hash !== subject.tokenHash) throw notFound('The order');
}

export function actorOf(subject: Subject): Actor {
  switch (subject.kind) {
    case 'operator':
      return { kind: 'operator', id: subject.id };
    case 'customer':
      return { kind: 'customer', id: `token:${subject.tokenHash.slice(0, 12)}` };
    case 'anonymous':
      return { kind: 'customer', id: 'anonymous' };
  }
}
