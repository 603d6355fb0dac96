import { sql } from 'kysely';
import type { Tx } from './database.js';
import { at } from './schema.js';

export async function paymentOf(tx: Tx, orderId: string) {
  return tx
    .selectFrom('payments')
    .innerJoin('orders', 'orders.id', 'payments.order_id')
    .select([
      'payments.order_id',
      'payments.status',
      'payments.gateway_id',
      'payments.failure_code',
      'payments.amount_minor',
      'payments.currency',
      'orders.payment_method',
      'orders.status as order_status',
      'orders.version',
    ])
    .where('payments.order_id', '=', orderId)
    .executeTakeFirst();
}

export type KnownPayment = Awaited<ReturnType<typeof paymentsByGatewayId>>[number];

export async function paymentsByGatewayId(tx: Tx, gatewayIds: string[]) {
  if (gatewayIds.length === 0) return [];
  return tx
    .selectFrom('payments')
    .innerJoin('orders', 'orders.id', 'payments.order_id')
    .select(['payments.gateway_id', 'payments.order_id', 'orders.status as order_status', 'orders.policy'])
    .where('payments.gateway_id', '=', sql<string>`any(${gatewayIds}::text[])`)
    .execute();
}

/**
 * Names the intent that may be confirmed for this order, once; answers the id that stands. Undefined: the charge was
 * stopped meanwhile, and nothing may be confirmed any more.
 */
export async function nameIntent(tx: Tx, orderId: string, gatewayId: string): Promise<string | undefined> {
  const named = await tx
    .updateTable('payments')
    .set({ gateway_id: gatewayId })
    .where('order_id', '=', orderId)
    .where('gateway_id', 'is', null)
    .where('status', 'not in', ['canceled', 'failed'])
    .returning('gateway_id')
    .executeTakeFirst();
  if (named) return gatewayId;
  const row = await paymentOf(tx, orderId);
  return row?.status === 'canceled' ? undefined : (row?.gateway_id ?? undefined);
}

/** The payment of an order for which no intent is named. */
export async function unnamedPayment(tx: Tx, orderId: string): Promise<KnownPayment | undefined> {
  return tx
    .selectFrom('payments')
    .innerJoin('orders', 'orders.id', 'payments.order_id')
    .select(['payments.gateway_id', 'payments.order_id', 'orders.status as order_status', 'orders.policy'])
    .where('payments.order_id', '=', orderId)
    .where('payments.gateway_id', 'is', null)
    .executeTakeFirst();
}

/** An order that was given up before an intent was named, and charged after all: its money is looked for there. */
export async function adoptIntent(tx: Tx, orderId: string, gatewayId: string): Promise<void> {
  await tx
    .updateTable('payments')
    .set({ gateway_id: gatewayId })
    .where('order_id', '=', orderId)
    .where('gateway_id', 'is', null)
    .where('status', 'in', ['canceled', 'failed'])
    .execute();
}

/** Forbids any later charge while no intent is named. True: there was none, nothing can have been charged. */
export async function fencePayment(tx: Tx, orderId: string, now: number): Promise<boolean> {
  const row = await tx
    .updateTable('payments')
    .set({ status: 'canceled', updated_at: at(now) })
    .where('order_id', '=', orderId)
    .where('gateway_id', 'is', null)
    .returning('order_id')
    .executeTakeFirst();
  return row !== undefined;
}

export async function markPayment(
  tx: Tx,
  orderId: string,
  status: 'succeeded' | 'failed' | 'unknown' | 'canceled',
  now: number,
  failureCode: string | null = null,
): Promise<void> {
  let query = tx
    .updateTable('payments')
    .set({ status, updated_at: at(now) })
    .where('order_id', '=', orderId);
  // Doubt never overwrites a fact that another attempt has found meanwhile.
  if (status === 'unknown') query = query.where('status', '=', 'processing');
  else query = query.set({ failure_code: failureCode });
  await query.execute();
}

/** Why the charge is about to be called off at the gateway: a try whose reply is lost finds it there. */
export async function noteRefusal(tx: Tx, orderId: string, code: string): Promise<void> {
  await tx
    .updateTable('payments')
    .set({ failure_code: code })
    .where('order_id', '=', orderId)
    .where('status', 'in', ['processing', 'unknown'])
    .execute();
}

/** The gateway has the money, whatever was known before. Why it was refused at first stays to be seen. */
export async function markCharged(tx: Tx, orderId: string, now: number): Promise<void> {
  await tx
    .updateTable('payments')
    .set({ status: 'succeeded', updated_at: at(now) })
    .where('order_id', '=', orderId)
    .where('status', 'not in', ['succeeded', 'disputed'])
    .execute();
}
