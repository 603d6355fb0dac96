import { sql } from 'kysely';
import type { FulfillmentStatus, ShipmentStatus } from '../domain/lifecycle.js';
import type { Tx } from './database.js';
import { at } from './schema.js';

export async function fulfillmentOf(tx: Tx, orderId: string, attempt?: number) {
  let query = tx.selectFrom('fulfillment_orders').selectAll().where('order_id', '=', orderId);
  if (attempt !== undefined) query = query.where('attempt', '=', attempt);
  return query.orderBy('attempt', 'desc').limit(1).executeTakeFirst();
}

/** Written before the partner is called, so that its early webhook finds something to belong to. */
export async function openFulfillment(tx: Tx, orderId: string, attempt: number, now: number): Promise<void> {
  await tx
    .insertInto('fulfillment_orders')
    .values({
      order_id: orderId,
      attempt,
      status: 'submitted',
      partner_id: null,
      tracking_code: null,
      created_at: at(now),
      updated_at: at(now),
    })
    .onConflict((oc) => oc.doNothing())
    .execute();
}

export async function setFulfillment(
  tx: Tx,
  orderId: string,
  attempt: number,
  patch: { status: FulfillmentStatus; partner_id?: string; tracking_code?: string | null },
  now: number,
): Promise<void> {
  await tx
    .updateTable('fulfillment_orders')
    .set({ ...patch, updated_at: at(now) })
    .where('order_id', '=', orderId)
    .where('attempt', '=', attempt)
    .execute();
}

/** Writes down what the partner calls it, once. */
export async function nameShipment(
  tx: Tx,
  orderId: string,
  attempt: number,
  shipment: { status: FulfillmentStatus; partner_id: string; tracking_code: string | null },
  now: number,
): Promise<void> {
  await tx
    .updateTable('fulfillment_orders')
    .set({ ...shipment, updated_at: at(now) })
    .where('order_id', '=', orderId)
    .where('attempt', '=', attempt)
    .where('status', '=', 'submitted')
    .execute();
}

export async function setShipment(
  tx: Tx,
  orderId: string,
  attempt: number,
  status: ShipmentStatus,
  eventAt: number,
): Promise<void> {
  await tx
    .updateTable('fulfillment_orders')
    .set({
      shipment_status: status,
      last_event_at: sql`greatest(coalesce(last_event_at, ${at(eventAt)}::timestamptz), ${at(eventAt)}::timestamptz)`,
    })
    .where('order_id', '=', orderId)
    .where('attempt', '=', attempt)
    .execute();
}

export async function countReminder(tx: Tx, orderId: string, attempt: number, n: number): Promise<void> {
  await tx
    .updateTable('fulfillment_orders')
    .set({ reminders: n })
    .where('order_id', '=', orderId)
    .where('attempt', '=', attempt)
    .where('reminders', '<', n)
    .execute();
}
