import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { placeOrderSchema } from '../contract/api.js';
import { toOrderInput } from '../client/order-input.js';
import { NotConfirmedError } from '../client/errors.js';
import { findByKey, orderRow, placeOrder, type NewOrder } from '../db/orders.js';
import { productRow } from '../db/products.js';
import { snapshotOf } from '../db/snapshots.js';
import { deadlineOf, isPast } from '../domain/deadline.js';
import { orderId } from '../domain/identity.js';
import { times } from '../domain/money.js';
import type { OrderSnapshot } from '../domain/order.js';
import { hashToken, orderToken } from './auth.js';
import type { ApiDeps } from './deps.js';
import { HttpProblem, notFound } from './problems.js';
import { productPolicy } from './views.js';

type Body = z.output<typeof placeOrderSchema>;

export interface Placed {
  order: OrderSnapshot;
  token: string;
  /** False: the workflow has not said yet whether the payment went through. */
  confirmed: boolean;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Places an order: units held and row written in one statement, then the workflow, then its word on the payment.
 * The same key and body give the same order again, whatever happened to the first reply.
 */
export async function place(deps: ApiDeps, body: Body, key: string): Promise<Placed> {
  const { db } = deps.database;
  const customerId = `guest:${sha256(body.customer.email.toLowerCase()).slice(0, 24)}`;
  const fingerprint = sha256(JSON.stringify(body));
  const earlier = await findByKey(db, customerId, key);
  const id = earlier
    ? sameBody(earlier, fingerprint)
    : await insert(deps, body, { customerId, key, fingerprint });
  return carry(deps, id);
}

function sameBody(earlier: { id: string; body_fingerprint: string }, fingerprint: string): string {
  if (earlier.body_fingerprint === fingerprint) return earlier.id;
  throw new HttpProblem(
    422,
    'idempotency_key_reused',
    'This Idempotency-Key was used for an order with another content. Use a new key for a new order.',
    { orderId: earlier.id },
  );
}

async function insert(
  deps: ApiDeps,
  body: Body,
  who: { customerId: string; key: string; fingerprint: string },
): Promise<string> {
  const { db } = deps.database;
  const order = await priced(deps, body, who);
  try {
    if (await placeOrder(db, order)) return order.id;
  } catch (error) {
    if ((error as { code?: string }).code !== '23505') throw error;
    // The same key came in at the same instant: its order is the one.
    const earlier = await findByKey(db, who.customerId, who.key);
    if (!earlier) throw error;
    return sameBody(earlier, who.fingerprint);
  }
  const product = await productRow(db, body.sku);
  const left = product ? product.capacity - product.reserved : 0;
  throw new HttpProblem(
    409,
    'sold_out',
    left > 0
      ? `Only ${left} left of ${body.sku}: order fewer.`
      : `${body.sku} is sold out. Nothing was charged.`,
  );
}

/** Price, promise and policy as they stand now, frozen on the order. Refuses before anything is held or charged. */
async function priced(
  deps: ApiDeps,
  body: Body,
  who: { customerId: string; key: string; fingerprint: string },
): Promise<NewOrder> {
  const product = await productRow(deps.database.db, body.sku);
  if (!product) throw notFound(`The product ${body.sku}`);
  const now = deps.now();
  const policy = productPolicy(deps.policy, product);
  const deadlineAt = deadlineOf(product.release_at, policy.graceMs);
  if (!product.open) throw new HttpProblem(409, 'not_open', `${product.name} is not open for pre-orders.`);
  if (isPast(deadlineAt, now) || deadlineAt === now) {
    const when = new Date(deadlineAt).toISOString();
    throw new HttpProblem(
      409,
      'deadline_passed',
      `${product.name} had to ship by ${when}: it cannot be pre-ordered.`,
    );
  }
  if (body.quantity > policy.maxQuantity) {
    throw new HttpProblem(
      400,
      'quantity_limit',
      `At most ${policy.maxQuantity} of ${product.name} in one order.`,
    );
  }
  const id = orderId(now, deps.random(9));
  const price = { amountMinor: product.price_minor, currency: product.currency };
  return {
    id,
    customerId: who.customerId,
    idempotencyKey: who.key,
    bodyFingerprint: who.fingerprint,
    sku: product.sku,
    productName: product.name,
    quantity: body.quantity,
    ...times(price, body.quantity),
    customerName: body.customer.name,
    customerEmail: body.customer.email,
    address: body.customer.address,
    paymentMethod: body.paymentMethod,
    tokenHash: hashToken(orderToken(deps.keys, id)),
    releaseAt: product.release_at,
    deadlineAt,
    policy,
    placedAt: now,
  };
}

async function carry(deps: ApiDeps, id: string): Promise<Placed> {
  const { db } = deps.database;
  const until = deps.now() + deps.placeWithinMs;
  const row = await orderRow(db, id);
  if (!row) throw notFound('The order');
  const open = (status: string): boolean => status === 'payment_pending' || status === 'reserving';
  let started = !open(row.status);
  for (;;) {
    const change = deps.changes.next(id, Math.max(0, until - deps.now()));
    if (!started) started = await start(deps, row);
    const order = await snapshotOf(db, id, deps.now());
    if (!order) throw notFound('The order');
    const confirmed = !open(order.status);
    if (confirmed || !started || deps.now() >= until) {
      change.stop();
      return { order, token: orderToken(deps.keys, id), confirmed };
    }
    await change.happened;
  }
}

/** False when Temporal is not there: the order is kept, and the sweeper starts it. */
async function start(deps: ApiDeps, row: Parameters<typeof toOrderInput>[0]): Promise<boolean> {
  try {
    await deps.orders.startOrder(toOrderInput(row));
    return true;
  } catch (error) {
    if (error instanceof NotConfirmedError) return false;
    throw error;
  }
}
