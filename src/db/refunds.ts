import { sql } from 'kysely';
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

/**
 * The row a refund is asked for under, written before the call; an earlier one without a reply is taken up again.
 * `askedAt` (epoch ms) tells it apart from one under the same number that was dropped.
 */
export async function openRefund(
  tx: Tx,
  wish: { orderId: string; amountMinor: number; currency: string; at: number },
): Promise<{ id: string; askedAt: number }> {
  const rows = await refundsOf(tx, wish.orderId);
  const waiting = rows.find((row) => row.gateway_id === null && row.status === 'pending');
  if (waiting) {
    await tx
      .updateTable('refunds')
      .set({ amount_minor: wish.amountMinor })
      .where('id', '=', waiting.id)
      .execute();
    return { id: waiting.id, askedAt: waiting.requested_at };
  }
  const id = await insertRefund(tx, rows, { ...wish, gatewayId: null, status: 'pending' });
  return { id, askedAt: wish.at };
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
  const rows = await refundsOf(tx, orderId);
  const row =
    rows.find((r) => r.gateway_id === fact.gatewayId) ??
    rows.find((r) => r.gateway_id === null && r.id === fact.refundId);
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
  const money = {
    orderId,
    gatewayId: fact.gatewayId,
    amountMinor: fact.amountMinor,
    currency: fact.currency,
    at: now,
  };
  if (fact.status === 'succeeded') {
    await post(tx, { ...money, operation: 'refund' });
    await tell(tx, orderId, 'refund_paid', { amountMinor: fact.amountMinor, at: now }, `:${fact.gatewayId}`);
  }
  if ((fact.status === 'failed' || fact.status === 'canceled') && (await isPaid(tx, fact.gatewayId))) {
    await post(tx, { ...money, operation: 'refund_reversal' });
  }
}

/** Our books say that it arrived; of a refund that was also settled outside the row does not. */
async function isPaid(tx: Tx, gatewayId: string): Promise<boolean> {
  const query = tx.selectFrom('ledger_entries').select('id').where('gateway_id', '=', gatewayId);
  return (await query.where('operation', '=', 'refund').executeTakeFirst()) !== undefined;
}

/** Money that was given back another way, with a person's proof. */
export async function settledOutside(tx: Tx, orderId: string): Promise<number> {
  const { rows } = await sql<{ total: number }>`
    select coalesce(sum(amount_minor), 0)::bigint as total from refunds
    where order_id = ${orderId} and status = 'settled_outside'`.execute(tx);
  return rows[0]?.total ?? 0;
}

/** Closes what the gateway could not pay, or was never asked for, with a person's proof that it was paid another way. */
export async function settleOutside(tx: Tx, orderId: string, reference: string, now: number): Promise<void> {
  const rows = await refundsOf(tx, orderId);
  const open = rows.findLast(({ status }) => status !== 'succeeded' && status !== 'settled_outside');
  // A repeat, whose answer was lost.
  if (!open && rows.some((row) => row.reference === reference)) return;
  const { amountMinor, currency } = open
    ? { amountMinor: open.amount_minor, currency: open.currency }
    : await owed(tx, orderId);
  const wish = { orderId, amountMinor, currency, at: now, gatewayId: null, status: 'pending' } as const;
  const id = open?.id ?? (await insertRefund(tx, rows, wish));
  await tx
    .updateTable('refunds')
    .set({ status: 'settled_outside', reference, settled_at: at(now) })
    .where('id', '=', id)
    .execute();
  const gatewayId = `outside:${reference}`;
  await post(tx, { orderId, operation: 'refund', gatewayId, amountMinor, currency, at: now });
}

/** Of a charge that belongs to the customer: what has neither been given back nor been taken by the customer's bank. */
async function owed(tx: Tx, orderId: string): Promise<{ amountMinor: number; currency: string }> {
  const { rows } = await sql<{ amountMinor: number; currency: string }>`
    select p.currency, (p.amount_minor
      - (select coalesce(sum(amount_minor), 0) from refunds
          where order_id = p.order_id and status in ('succeeded', 'settled_outside'))
      - (select coalesce(sum(amount_minor), 0) from disputes
          where order_id = p.order_id and status <> 'won'))::bigint as "amountMinor"
    from payments p where p.order_id = ${orderId}`.execute(tx);
  const [money] = rows;
  if (!money || money.amountMinor <= 0) throw new Error(`order ${orderId} has no refund to settle`);
  return money;
}
