import type { orderRow } from '../db/orders.js';
import type { OrderInput } from '../domain/order.js';

type Row = NonNullable<Awaited<ReturnType<typeof orderRow>>>;

/** What a workflow is told of an order: nothing personal. */
export function toOrderInput(row: Row): OrderInput {
  return {
    orderId: row.id,
    sku: row.sku,
    quantity: row.quantity,
    amountMinor: row.amount_minor,
    currency: row.currency,
    releaseAt: row.release_at,
    deadlineAt: row.deadline_at,
    policy: row.policy,
  };
}
