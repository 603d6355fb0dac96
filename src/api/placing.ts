import type { z } from 'zod';
import type { placeOrderSchema } from '../contract/api.js';
import { toOrderInput } from '../client/order-input.js';
import { NotConfirmedError } from '../client/errors.js';
import { findByKey, placeOrder, sameOrderSince, type NewOrder } from '../db/orders.js';
import { productRow } from '../db/products.js';
import { snapshotOf } from '../db/snapshots.js';
import { deadlineOf, HOUR, isPast } from '../domain/deadline.js';
import { orderId } from '../domain/identity.js';
import { times } from '../domain/money.js';
import type { OrderStatus } from '../domain/lifecycle.js';
import type { OrderInput, OrderSnapshot } from '../domain/order.js';
import { orderToken } from './auth.js';
import type { ApiDeps } from './deps.js';
import { HttpProblem, notFound } from './problems.js';
import { productPolicy } from './views.js';
import { sha256 } from './session.js';

type Body = z.output<typeof placeOrderSchema>;

interface Who {
  customerId: string;
  key: string;
  fingerprint: string;
}

export interface Placed {
  order: OrderSnapshot;
  token: string;
  /** False: the workflow has not said yet whether the payment went through. */
  confirmed: boolean;
}

/**
 * Places an order: units held and row written in one statement, then the workflow, then its word on the payment.
 * The same key and body give the same order again, whatever happened to the first reply.
 */
export async function place(deps: ApiDeps, body: Body, key: string): Promise<Placed> {
  const who = { customerId: customerIdOf(body), key, fingerprint: sha256(JSON.stringify(body)) };
  const { input, status } = await insert(deps, body, who).then(
    (order) => ({ input: order, status: 'payment_pending' as const }),
    (refusal: unknown) => earlier(deps, who, refusal),
  );
  return carry(deps, input, status);
}

const customerIdOf = ({ customer }: Body): string =>
  `guest:${sha256(customer.email.toLowerCase()).slice(0, 24)}`;

/** A lost reply, Back or a reload bring a new form with a new key: within this time a person is asked. */
const ASK_WITHIN_MS = HOUR;

/** What was ordered a moment ago under another key, and may be what is being ordered now. */
export async function orderedBefore(deps: ApiDeps, body: Body, key: string) {
  const earlier = await sameOrderSince(deps.database.db, {
    customerId: customerIdOf(body),
    key,
    sku: body.sku,
    quantity: body.quantity,
    zip: body.customer.address.zip,
    since: deps.now() - ASK_WITHIN_MS,
  });
  if (!earlier) return undefined;
  // Its own key has spoken already: that form is answered by the order it has placed.
  return (await findByKey(deps.database.db, customerIdOf(body), key)) ? undefined : earlier;
}

/** The order that this key has placed before; without one, what refused it stands. */
async function earlier(deps: ApiDeps, who: Who, refusal: unknown) {
  const order = await findByKey(deps.database.db, who.customerId, who.key);
  if (!order) throw refusal;
  if (order.body_fingerprint !== who.fingerprint) throw keyReused(order.id);
  return { input: toOrderInput(order), status: order.status };
}

function keyReused(orderId: string): HttpProblem {
  const detail = 'This Idempotency-Key was used for another order. Use a new key for a new order.';
  return new HttpProblem(422, 'idempotency_key_reused', detail, { orderId });
}

/** Throws what refuses the order, a key that was used before included. */
async function insert(deps: ApiDeps, body: Body, who: Who): Promise<OrderInput> {
  const order = await priced(deps, body, who);
  if (await placeOrder(deps.database.db, order)) return toOrderInput(order);
  const product = await productRow(deps.database.db, body.sku);
  const left = product ? product.capacity - product.reserved : 0;
  const detail =
    left > 0
      ? `Only ${left} left of ${body.sku}: order fewer.`
      : `${body.sku} is sold out. Nothing was charged.`;
  throw new HttpProblem(409, 'sold_out', detail);
}

/** Price, promise and policy as they stand now, frozen on the order. Refuses before anything is held or charged. */
async function priced(deps: ApiDeps, body: Body, who: Who): Promise<NewOrder> {
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
    tokenHash: sha256(orderToken(deps.keys, id)),
    releaseAt: product.release_at,
    deadlineAt,
    policy,
    placedAt: now,
  };
}

const confirmed = (status: OrderStatus): boolean => status !== 'payment_pending' && status !== 'reserving';
/** A notification can be lost with its connection: look again this often. */
const LOOK_AGAIN_MS = 3_000;

async function carry(deps: ApiDeps, input: OrderInput, status: OrderStatus): Promise<Placed> {
  const { orderId } = input;
  const giveUpAt = deps.now() + deps.placeWithinMs;
  let known = deps.changes.until(orderId, confirmed, confirmed(status) ? 0 : LOOK_AGAIN_MS);
  // Without Temporal there is nothing to wait for: the order is kept, and the sweeper starts it.
  const started = confirmed(status) || (await start(deps, input));
  for (;;) {
    if (started) await known;
    const order = await snapshotOf(deps.database.db, orderId, deps.now());
    if (!order) throw notFound('The order');
    if (!started || confirmed(order.status) || deps.now() >= giveUpAt) {
      return {
        order,
        token: orderToken(deps.keys, orderId, order.tokenNumber),
        confirmed: confirmed(order.status),
      };
    }
    known = deps.changes.until(orderId, confirmed, LOOK_AGAIN_MS);
  }
}

async function start(deps: ApiDeps, input: OrderInput): Promise<boolean> {
  try {
    await deps.orders.startOrder(input);
    return true;
  } catch (error) {
    if (error instanceof NotConfirmedError) return false;
    throw error;
  }
}
