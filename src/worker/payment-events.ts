import { z } from 'zod';
import type { OrderClient } from '../client/order-client.js';
import type { Db } from '../db/database.js';
import type { InboxEvent } from '../db/inbox.js';
import { adoptIntent, paymentsByGatewayId, unnamedPayment, type KnownPayment } from '../db/payments.js';
import { refundsOf, refundStatus } from '../db/refunds.js';
import type { RefundNews } from '../workflows/messages.js';
import type { Outcome } from './outcome.js';

const eventSchema = z.object({
  data: z.object({
    object: z.object({
      id: z.string(),
      object: z.string(),
      payment_intent: z.string().nullish(),
      status: z.string().nullish().catch(undefined),
      metadata: z.object({ order_id: z.string().optional() }).nullish().catch(undefined),
    }),
  }),
});

/** What an event is about. `orderId`: what we have told the gateway of it. */
interface About {
  id: string;
  intent: string | undefined;
  orderId: string | undefined;
  status: string | undefined;
}

function objectOf(event: InboxEvent): About | undefined {
  const parsed = eventSchema.safeParse(event.payload);
  if (!parsed.success) return undefined;
  const { id, object, payment_intent, metadata, status } = parsed.data.data.object;
  const intent = object === 'payment_intent' ? id : (payment_intent ?? undefined);
  return { id, intent, orderId: metadata?.order_id, status: status ?? undefined };
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
  if (event.type === 'payment_intent.succeeded') return tellCharge(db, orders, event, { object, payments });
  const payment = payments.get(object.intent ?? '');
  if (!payment) return 'ignored: unknown payment';
  // The refund has just been asked for: once every undo is done there is something to watch.
  const news = event.type === 'refund.failed' || event.type === 'refund.updated';
  if (news && payment.order_status === 'cancelling') return undefined;
  const disputed = event.type.startsWith('charge.dispute.');
  if (disputed) {
    // The undo of the charge is looking at the gateway itself just now.
    if (payment.order_status === 'cancelling') return undefined;
    return watch(orders, payment, { eventId: event.event_id });
  }
  if (payment.order_status !== 'cancelled' && payment.order_status !== 'rejected') return 'noted';
  const failed = event.type === 'refund.failed';
  if (!failed && event.type !== 'refund.updated') return 'noted';
  // What has arrived by both accounts is no news.
  if (object.status === 'succeeded' && (await refundStatus(db, object.id)) === 'succeeded') return 'noted';
  return watch(orders, payment, { eventId: event.event_id });
}

/** A charge that lands although the order was given up goes back. */
async function tellCharge(
  db: Db,
  orders: OrderClient,
  event: InboxEvent,
  { object, payments }: { object: About; payments: Map<string, KnownPayment> },
): Promise<Outcome> {
  const named = payments.get(object.intent ?? '');
  const payment = named ?? (object.orderId ? await unnamedPayment(db, object.orderId) : undefined);
  if (!payment) return 'ignored: unknown payment';
  const { order_id: orderId, order_status: status } = payment;
  // The answer that is written down just now may be older than this charge.
  if (status === 'payment_pending' || (status === 'cancelling' && !named)) return undefined;
  if (status !== 'cancelled' && status !== 'rejected') return 'noted';
  if ((await refundsOf(db, orderId)).length > 0) return 'noted';
  if (!named) await adoptIntent(db, orderId, object.id);
  return watch(orders, payment, { eventId: event.event_id, lateCharge: true });
}

async function watch(orders: OrderClient, payment: KnownPayment, news: RefundNews): Promise<Outcome> {
  await orders.refundChanged({ orderId: payment.order_id, policy: payment.policy }, news);
  return 'signalled';
}
