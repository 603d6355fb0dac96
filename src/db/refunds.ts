import { sql } from 'kysely';
import { HOUR } from '../domain/deadline.js';
import { refundKey } from '../domain/identity.js';
import type { RefundStatus } from '../domain/lifecycle.js';
import type { Tx } from './database.js';
import { post } from './ledger.js';
import { tell } from './outbox.js';
import { at } from './schema.js';

export interface GatewayRefundFact {
  gatewayId: string;
  /** Our own row's id, when the refund was asked for by us. */
  refundId: string | undefined;
  amountMinor: number;
  currency: string;
  status: Exclude<RefundStatus, 'settled_outside'>;
  failureReason: string | undefined;
}

export async function refundsOf(tx: Tx, orderId: string) {
  return tx.selectFrom('refunds').selectAll().where('order_id', '=', orderId).orderBy('n').execute();
}

export async function refundStatus(tx: Tx, gatewayId: string): Promise<RefundStatus | undefined> {
  const query = tx.selectFrom('refunds').select('status').where('gateway_id', '=', gatewayId);
  return (await query.executeTakeFirst())?.status;
}

/** Stripe forgets a key after 24 h, and would take one that it has forgotten for another wish. */
const KEY_LASTS_MS = 23 * HOUR;

/**
 * The row a refund is asked for under, written before the call, and its key at the gateway. An earlier wish without a
 * reply is taken up again under the same key, which makes them one, unless its amount has changed or the key is old.
 * `now`: epoch ms of this very try, which may be weeks after `at`.
 */
export async function openRefund(
  tx: Tx,
  wish: { orderId: string; amountMinor: number; currency: string; at: number; now: number },
): Promise<{ id: string; key: string }> {
  const rows = await refundsOf(tx, wish.orderId);
  const waiting = rows.find((row) => row.gateway_id === null && row.status === 'pending');
  if (!waiting) {
    const id = await insertRefund(tx, rows, { ...wish, gatewayId: null, status: 'pending' });
    return { id, key: refundKey(id, wish.at, 1) };
  }
  const { id, requested_at, key_n, keyed_at } = waiting;
  const spent = wish.now - (keyed_at ?? requested_at) > KEY_LASTS_MS;
  if (spent || waiting.amount_minor !== wish.amountMinor) {
    await tx.updateTable('refunds').set({ amount_minor: wish.amountMinor }).where('id', '=', id).execute();
    return { id, key: refundKey(id, requested_at, await anotherKey(tx, id, wish.now)) };
  }
  return { id, key: refundKey(id, requested_at, key_n) };
}

/** The gateway has answered and would answer the same again under the same key. Answers the new key's number. */
export async function anotherKey(tx: Tx, refundId: string, now: number): Promise<number> {
  const row = await tx
    .updateTable('refunds')
    .set((eb) => ({ key_n: eb('key_n', '+', 1), keyed_at: at(now) }))
    .where('id', '=', refundId)
    .returning('key_n')
    .executeTakeFirstOrThrow();
  return row.key_n;
}

/** What was to be asked for and is not owed any more: the customer's bank was faster, say. The gateway never took it. */
export async function dropUnasked(tx: Tx, orderId: string): Promise<void> {
  await tx
    .deleteFrom('refunds')
    .where('order_id', '=', orderId)
    .where('gateway_id', 'is', null)
    .where('status', '=', 'pending')
    .execute();
}

/** `others`: all of the order's, by number. */
async function insertRefund(
  tx: Tx,
  others: { n: number }[],
  row: {
    orderId: string;
    amountMinor: number;
    currency: string;
    at: number;
    gatewayId: string | null;
    status: RefundStatus;
  },
): Promise<string> {
  const n = (others.at(-1)?.n ?? 0) + 1;
  const id = `${row.orderId}:refund:${n}`;
  await tx
    .insertInto('refunds')
    .values({
      id,
      order_id: row.orderId,
      n,
      gateway_id: row.gatewayId,
      amount_minor: row.amountMinor,
      currency: row.currency,
      status: row.status,
      failure_reason: null,
      reference: null,
      requested_at: at(row.at),
    })
    .onConflict((oc) => oc.doNothing())
    .execute();
  return id;
}

/** Takes over what the gateway says of one refund: the row and, for money that moved, the ledger. */
export async function recordRefund(
  tx: Tx,
  orderId: string,
  fact: GatewayRefundFact,
  now: number,
): Promise<void> {
  // Locked: what is booked is counted.
  const rows = await tx
    .selectFrom('refunds')
    .select(['id', 'n', 'gateway_id'])
    .where('order_id', '=', orderId)
    .orderBy('n')
    .forUpdate()
    .execute();
  const row =
    rows.find((r) => r.gateway_id === fact.gatewayId) ??
    rows.find((r) => r.gateway_id === null && r.id === fact.refundId);
  const booked = await bookings(tx, orderId, fact.gatewayId);
  // What has arrived is on its way no more: an answer of before, that comes late.
  if (fact.status === 'pending' && stands(booked)) return;
  const id = row?.id ?? (await insertRefund(tx, rows, { orderId, ...fact, at: now }));
  const settled = fact.status === 'succeeded' || fact.status === 'failed' || fact.status === 'canceled';
  await tx
    .updateTable('refunds')
    .set({
      gateway_id: fact.gatewayId,
      status: fact.status,
      amount_minor: fact.amountMinor,
      failure_reason: fact.failureReason ?? null,
      settled_at: settled ? at(now) : null,
    })
    .where('id', '=', id)
    .where((eb) => eb.or([eb('status', '<>', fact.status), eb('gateway_id', 'is', null)]))
    .where('status', '<>', 'settled_outside')
    .execute();
  await book(tx, orderId, fact, booked, now);
  if (fact.status === 'succeeded')
    await tell(tx, orderId, 'refund_paid', { amountMinor: fact.amountMinor, at: now }, `:${fact.gatewayId}`);
}

/** How often a refund was posted, and taken back. Its row does not say: it may have been settled outside as well. */
type Bookings = Record<'refund' | 'refund_reversal', number>;
const stands = ({ refund, refund_reversal: reversed }: Bookings): boolean => refund > reversed;

async function bookings(tx: Tx, orderId: string, gatewayId: string): Promise<Bookings> {
  const entries = await tx
    .selectFrom('ledger_entries')
    .select('operation')
    .where('order_id', '=', orderId)
    .where('account', '=', 'gateway')
    .where((eb) => eb.or([eb('gateway_id', '=', gatewayId), eb('gateway_id', 'like', `${gatewayId}#%`)]))
    .execute();
  const times = (operation: keyof Bookings): number =>
    entries.filter((entry) => entry.operation === operation).length;
  return { refund: times('refund'), refund_reversal: times('refund_reversal') };
}

/** In the ledger a refund stands while the gateway says that it arrived, however often that changes. */
async function book(
  tx: Tx,
  orderId: string,
  { gatewayId, amountMinor, currency, status }: GatewayRefundFact,
  booked: Bookings,
  now: number,
): Promise<void> {
  if ((status === 'succeeded') === stands(booked)) return;
  const operation = stands(booked) ? 'refund_reversal' : 'refund';
  const n = booked[operation] + 1;
  const id = n === 1 ? gatewayId : `${gatewayId}#${n}`;
  await post(tx, { orderId, operation, gatewayId: id, amountMinor, currency, at: now });
}

/** Money that was given back another way, with a person's proof. */
export async function settledOutside(tx: Tx, orderId: string): Promise<number> {
  const { rows } = await sql<{ total: number }>`
    select coalesce(sum(amount_minor), 0)::bigint as total from refunds
    where order_id = ${orderId} and status = 'settled_outside'`.execute(tx);
  return rows[0]?.total ?? 0;
}

/**
 * A person's proof that `amountMinor` was paid another way: what the gateway could not pay, or was never asked for. A
 * reference settles once.
 */
export async function settleOutside(
  tx: Tx,
  proof: { orderId: string; reference: string; amountMinor: number; currency: string; at: number },
): Promise<void> {
  const { orderId, reference, amountMinor, currency } = proof;
  const rows = await refundsOf(tx, orderId);
  if (rows.some((row) => row.reference === reference)) return;
  const open = rows.findLast(({ status }) => status !== 'succeeded' && status !== 'settled_outside');
  const id = open?.id ?? (await insertRefund(tx, rows, { ...proof, gatewayId: null, status: 'pending' }));
  await tx
    .updateTable('refunds')
    .set({ status: 'settled_outside', reference, amount_minor: amountMinor, settled_at: at(proof.at) })
    .where('id', '=', id)
    .execute();
  const gatewayId = `outside:${reference}`;
  await post(tx, { orderId, operation: 'refund', gatewayId, amountMinor, currency, at: proof.at });
}
