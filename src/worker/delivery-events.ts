import { NotRunningError } from '../client/errors.js';
import type { OrderClient } from '../client/order-client.js';
import { partnerEventSchema, type PartnerEvent } from '../contract/delivery-partner.js';
import type { Db } from '../db/database.js';
import { fulfillmentOf } from '../db/fulfillment.js';
import type { InboxEvent } from '../db/inbox.js';
import { orderRow } from '../db/orders.js';
import { parseFulfillmentReference } from '../domain/identity.js';
import { isFinal, shipmentStatuses, type ShipmentStatus } from '../domain/lifecycle.js';
import type { TrackingEvent } from '../domain/order.js';
import type { Outcome } from './outcome.js';

/** Tries until a delivery exists: a partner's event may come before our own booking call has returned. */
const MOST_TRIES = 40;

export async function tellDelivery(db: Db, orders: OrderClient, row: InboxEvent): Promise<Outcome> {
  const parsed = partnerEventSchema.safeParse(row.payload);
  if (!parsed.success) return 'ignored: unknown shape';
  const reference = parseFulfillmentReference(parsed.data.result.reference);
  const order = reference && (await orderRow(db, reference.orderId));
  if (!reference || !order) return 'ignored: unknown order';
  if (isFinal(order.status)) return `ignored: the order is ${order.status}`;
  const fact = toFact(parsed.data, reference.attempt);
  if (!fact) return 'ignored: says nothing';
  if (fact.kind === 'accepted' && (await isAccepted(db, order.id, fact.attempt))) return 'noted';
  try {
    await orders.shipmentEvent(order.id, fact);
    return 'signalled';
  } catch (error) {
    if (!(error instanceof NotRunningError)) throw error;
    // While the booking is still being made, a delivery will come, however long it takes.
    const hopeless = row.attempts > MOST_TRIES && order.status !== 'fulfillment_requested';
    return hopeless ? 'given up: no delivery is running' : undefined;
  }
}

/** Most bookings are answered at once: the event that follows tells the delivery nothing, and would cost it a task. */
async function isAccepted(db: Db, orderId: string, attempt: number): Promise<boolean> {
  return (await fulfillmentOf(db, orderId, attempt))?.status === 'accepted';
}

const kinds = {
  'shipment.accepted': 'accepted',
  'shipment.rejected': 'rejected',
  'shipment.cancelled': 'cancelled',
  'shipment.cancel_rejected': 'cancel_rejected',
} as const;

function toFact(event: PartnerEvent, attempt: number): TrackingEvent | undefined {
  const base = { eventId: event.id, attempt };
  if (event.description !== 'tracker.updated') {
    return { ...base, at: Date.parse(event.created_at), kind: kinds[event.description] };
  }
  const { status, status_detail: detail, updated_at } = event.result;
  if (!(shipmentStatuses as readonly string[]).includes(status)) return undefined;
  return { ...base, kind: 'tracking', status: status as ShipmentStatus, detail, at: Date.parse(updated_at) };
}
