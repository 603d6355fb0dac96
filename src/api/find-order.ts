import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { idsByPrefix } from '../db/orders.js';
import { snapshotOf } from '../db/snapshots.js';
import { isOrderId, orderIdPrefix } from '../domain/identity.js';
import type { OrderSnapshot } from '../domain/order.js';
import type { ApiDeps } from './deps.js';
import { HttpProblem, notFound } from './problems.js';

/** An id of anything; without what no database can look up: NUL, half a surrogate. */
export const orderParams = z.strictObject({ id: z.string().regex(/^[^\0\p{Cs}]{1,40}$/u) });

type Asker = Pick<FastifyRequest, 'subject' | 'trail'>;

/** One order by its id, which the door has let pass, or for an operator by a unique beginning of it. */
export async function findOrder(deps: ApiDeps, request: Asker, given: string): Promise<OrderSnapshot> {
  const id = isOrderId(given) ? given : await byPrefix(deps, request, given);
  const order = id ? await snapshotOf(deps.database.db, id, deps.now()) : undefined;
  if (!order) throw notFound(`The order ${given}`);
  request.trail.orderId = order.orderId;
  return order;
}

async function byPrefix(deps: ApiDeps, { subject }: Asker, given: string): Promise<string | undefined> {
  const prefix = orderIdPrefix(given);
  if (!prefix || (subject.kind !== 'operator' && subject.kind !== 'supervisor')) return undefined;
  const ids = await idsByPrefix(deps.database.db, prefix);
  if (ids.length > 1)
    throw new HttpProblem(409, 'ambiguous_id', `Several orders begin with ${given}: give more of the id.`);
  return ids[0];
}
