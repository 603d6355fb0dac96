import { z } from 'zod';
import { partnerEventSchema, type PartnerEvent } from '../contract/delivery-partner.js';
import { NotRunningError } from '../client/errors.js';
import type { OrderClient } from '../client/order-client.js';
import type { Db } from '../db/database.js';
import { eventDone, takeDueEvents, type InboxEvent } from '../db/inbox.js';
import { orderRow } from '../db/orders.js';
import { parseFulfillmentReference, isOrderId } from '../domain/identity.js';
import { isFinal, shipmentStatuses, type ShipmentStatus } from '../domain/lifecycle.js';
import type { TrackingEvent } from '../domain/order.js';

/** Tells the workflows what partners have said. Returns how many events were taken. */
export async function workInbox(db: Db, orders: OrderClient, now: () => number): Promise<number> {
  const events = await takeDueEvents(db, now());
  for (const event of events) {
    const outcome =
      event.source === 'delivery'
        ? await deliveryEvent(db, orders, event)
        : await paymentEvent(db, orders, event);
    if (outcome) await eventDone(db, event, outcome, now());
  }
  return events.length;
}

/** An outcome in words, or undefined: not yet, try again later. */
type Outcome = string | undefined;

async function deliveryEvent(db: Db, orders: OrderClient, row: InboxEvent): Promise<Outcome> {
  const parsed = partnerEventSchema.safeParse(row.payload);
  if (!parsed.success) return 'ignored: unknown shape';
  const reference = parseFulfillmentReference(parsed.data.result.reference);
  const order = reference && (await orderRow(db, reference.orderId));
  if (!reference || !order) return 'ignored: unknown order';
  if (isFinal(order.status)) return `ignored: the order is ${order.status}`;
  const fact = toFact(parsed.data, reference.attempt);
  if (!fact) return 'ignored: says nothing';
  try {
    await orders.shipmentEvent(order.id, fact);
    return 'signalled';
  } catch (error) {
    // Early: our own booking call has not returned yet, so no delivery is running. It will be.
    if (error instanceof NotRunningError)
      return row.attempts > 40 ? 'given up: no delivery is running' : undefined;
    throw error;
  }
}

function toFact(event: PartnerEvent, attempt: number): TrackingEvent | undefined {
  const base = { eventId: event.id, attempt, at: Date.parse(event.created_at) };
  switch (event.description) {
    case 'shipment.accepted':
      return { ...base, kind: 'accepted' };
    case 'shipment.rejected':
      return { ...base, kind: 'rejected' };
    case 'shipment.cancelled':
      return { ...base, kind: 'cancelled' };
    case 'shipment.cancel_rejected':
      return { ...base, kind: 'cancel_rejected' };
    case 'tracker.updated': {
      const { status, status_detail, updated_at } = event.result;
      if (!(shipmentStatuses as readonly string[]).includes(status)) return undefined;
      const at = Date.parse(updated_at);
      return { ...base, kind: 'tracking', status: status as ShipmentStatus, detail: status_detail, at };
    }
  }
}

const gatewayEventSchema = z.object({
  type: z.string(),
  data: z.object({
    object: z.object({ id: z.string(), object: z.string(), payment_intent: z.string().nullish() }),
  }),
});

/** A hint to read the object, nothing more: money that is out of step starts the watch over the refund. */
async function paymentEvent(db: Db, orders: OrderClient, row: InboxEvent): Promise<Outcome> {
  const parsed = gatewayEventSchema.safeParse(row.payload);
  if (!parsed.success) return 'ignored: unknown shape';
  const { object } = parsed.data.data;
  const intent = object.object === 'payment_intent' ? object.id : object.payment_intent;
  const payment = intent
    ? await db.selectFrom('payments').select('order_id').where('gateway_id', '=', intent).executeTakeFirst()
    : undefined;
  if (!payment || !isOrderId(payment.order_id)) return 'ignored: unknown payment';
  const order = await orderRow(db, payment.order_id);
  if (!order) return 'ignored: unknown order';
  const undone = order.status === 'cancelled' || order.status === 'rejected';
  const aboutRefund = row.type === 'refund.failed' || row.type === 'refund.updated';
  const late = row.type === 'payment_intent.succeeded';
  if (!undone || !(aboutRefund || late)) return 'noted';
  if (row.type === 'refund.updated' && (await settledAlready(db, object.id))) return 'noted';
  await orders.refundChanged({ orderId: order.id, policy: order.policy }, row.event_id);
  return 'signalled';
}

async function settledAlready(db: Db, gatewayId: string): Promise<boolean> {
  const refund = await db
    .selectFrom('refunds')
    .select('status')
    .where('gateway_id', '=', gatewayId)
    .executeTakeFirst();
  return refund?.status === 'succeeded';
}
