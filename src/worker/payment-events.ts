import { z } from 'zod';
import type { OrderClient } from '../client/order-client.js';
import type { Db } from '../db/database.js';
import type { InboxEvent } from '../db/inbox.js';
import { paymentsByGatewayId, type KnownPayment } from '../db/payments.js';
import { refundStatus } from '../db/refunds.js';
import type { Outcome } from './outcome.js';

const eventSchema = z.object({
  data: z.object({
    object: z.object({ id: z.string(), object: z.string(), payment_intent: z.string().nullish() }),
  }),
});

function objectOf(event: InboxEvent): { id: string; intent: string | undefined } | undefined {
  const parsed = eventSchema.safeParse(event.payload);
  if (!parsed.success) return undefined;
  const { id, object, payment_intent } = parsed.data.data.object;
  return { id, intent: object === 'payment_intent' ? id : (payment_intent ?? undefined) };
}

/** The payments that a batch of events is about, in one query, by the intent's id. */
export async function findPayments(db: Db, events: InboxEvent[]): Promise<Map<string, KnownPayment>> {
  const intents = events
    .filter((event) => event.source === 'payment')
    .map((event) => objectOf(event)?.intent);
  const rows = await paymentsByGatewayId(
    db,
    intents.filter((id) => id !== undefined),
  );
  return new Map(rows.map((row) => [row.gateway_id ?? '', row]));
}

/**
 * The gateway's events are hints to read the object, nothing more. One that may mean money out of step, of an order
 * that is undone, starts the watch over its refund; the watch reads the gateway.
 */
export async function tellRefund(
  db: Db,
  orders: OrderClient,
  event: InboxEvent,
  payments: Map<string, KnownPayment>,
): Promise<Outcome> {
  const object = objectOf(event);
  if (!object) return 'ignored: unknown shape';
  const payment = payments.get(object.intent ?? '');
  if (!payment) return 'ignored: unknown payment';
  // The refund has just been asked for: once every undo is done there is something to watch.
  const news = event.type === 'refund.failed' || event.type === 'refund.updated';
  if (news && payment.order_status === 'cancelling') return undefined;
  const disputed = event.type.startsWith('charge.dispute.');
  if (disputed) {
    // The undo of the charge is looking at the gateway itself just now.
    if (payment.order_status === 'cancelling') return undefined;
    await orders.refundChanged({ orderId: payment.order_id, policy: payment.policy }, event.event_id);
    return 'signalled';
  }
  if (payment.order_status !== 'cancelled' && payment.order_status !== 'rejected') return 'noted';
  const late = event.type === 'payment_intent.succeeded';
  const failed = event.type === 'refund.failed';
  const changed = event.type === 'refund.updated' && (await refundStatus(db, object.id)) !== 'succeeded';
  if (!late && !failed && !changed) return 'noted';
  await orders.refundChanged({ orderId: payment.order_id, policy: payment.policy }, event.event_id);
  return 'signalled';
}
