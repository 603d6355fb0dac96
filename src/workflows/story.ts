import type { OrderStatus } from '../domain/lifecycle.js';
import type { OrderInput } from '../domain/order.js';

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ') + ' UTC';

const sentences: Record<OrderStatus, (order: OrderInput) => string> = {
  payment_pending: () => 'The full price is being charged.',
  reserving: () => 'Paid. The units are being reserved.',
  awaiting_release: (o) =>
    `Paid and reserved. Released on ${day(o.releaseAt)}; fulfillment must be started by ${day(o.deadlineAt)}, ` +
    'or the order is cancelled and refunded.',
  fulfillment_requested: () => 'A fulfillment order is at the delivery partner, who has to accept it.',
  awaiting_pickup: () =>
    'The partner accepted. The item waits to be picked up; reminders go out until it is.',
  cancellation_requested: () => 'A cancel was asked for. The partner has been asked to stop the item.',
  in_transit: () => 'The item was picked up and is on its way.',
  delivery_exception: () => 'Something is wrong with the delivery. A person decides.',
  returning: () => 'The item is on its way back.',
  cancelling: () => 'Being undone in reverse order: fulfillment order, inventory, payment.',
  completed: () => 'Delivered. The order is completed.',
  cancelled: () => 'Cancelled: every step has been undone.',
  rejected: () => 'The payment was declined. Nothing was charged, nothing is held.',
};

/** The order's present chapter, in words, for the Web UI (Markdown). */
export function tellStory(order: OrderInput, status: OrderStatus, note?: string): string {
  const amount = `${order.amountMinor} minor units of ${order.currency}`;
  const head = `**${status}** · ${order.quantity} × ${order.sku} · ${amount}`;
  return [head, sentences[status](order), note].filter(Boolean).join('\n\n');
}
