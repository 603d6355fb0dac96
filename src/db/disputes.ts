import { sql } from 'kysely';
import type { DisputeStatus } from '../domain/lifecycle.js';
import type { Tx } from './database.js';
import { post } from './ledger.js';
import { at } from './schema.js';

export interface DisputeFact {
  gatewayId: string;
  amountMinor: number;
  currency: string;
  status: DisputeStatus;
}

/** Per order, what the customer's bank has taken back: by disputes that are open or lost. */
export const taken = sql`(select order_id, sum(amount_minor)::bigint as minor from disputes where status <> 'won' group by order_id)`;

/** Of the order whose id is in this column. */
export const disputedMinor = (id: string) =>
  sql<number>`coalesce((select minor from ${taken} as t where t.order_id = ${sql.ref(id)}), 0)`;

/**
 * Takes over what the gateway says of an order's disputes: rows, ledger and the payment's status. The money is gone
 * when a dispute opens, and back when it is won.
 */
export async function recordDisputes(
  tx: Tx,
  orderId: string,
  facts: DisputeFact[],
  now: number,
): Promise<void> {
  for (const fact of facts) await recordDispute(tx, orderId, fact, now);
  const taken = facts.some((fact) => fact.status !== 'won');
  await tx
    .updateTable('payments')
    .set({ status: taken ? 'disputed' : 'succeeded', updated_at: at(now) })
    .where('order_id', '=', orderId)
    .where('status', '=', taken ? 'succeeded' : 'disputed')
    .execute();
}

async function recordDispute(tx: Tx, orderId: string, fact: DisputeFact, now: number): Promise<void> {
  const { gatewayId, amountMinor, currency, status } = fact;
  const row = {
    gateway_id: gatewayId,
    order_id: orderId,
    amount_minor: amountMinor,
    currency,
    status,
    opened_at: at(now),
    decided_at: status === 'open' ? null : at(now),
  };
  await tx
    .insertInto('disputes')
    .values(row)
    .onConflict((oc) =>
      oc
        .column('gateway_id')
        .doUpdateSet({ status, decided_at: row.decided_at })
        .where('disputes.status', '<>', status),
    )
    .execute();
  const posting = { orderId, gatewayId, amountMinor, currency, at: now };
  await post(tx, { ...posting, operation: 'dispute' });
  if (status === 'won') await post(tx, { ...posting, operation: 'dispute_reversal' });
}
