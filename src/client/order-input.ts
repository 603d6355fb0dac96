import type { NewOrder, orderRow } from '../db/orders.js';
import type { OrderInput } from '../domain/order.js';

type Row = NonNullable<Awaited<ReturnType<typeof orderRow>>>;

/** What a workflow is told of an order: ids, amounts and instants, nothing personal. */
export function toOrderInput(order: Row | NewOrder): OrderInput {
  const { id: orderId, sku, quantity, currency, policy } = order;
  const kept = { orderId, sku, quantity, currency, policy };
  if ('amountMinor' in order) {
    const { amountMinor, releaseAt, deadlineAt } = order;
    return { ...kept, amountMinor, releaseAt, deadlineAt };
  }
  return {
    ...kept,
    amountMinor: order.amount_minor,
    releaseAt: order.release_at,
    deadlineAt: order.deadline_at,
  };
}
