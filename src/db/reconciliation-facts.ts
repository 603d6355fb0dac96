import { sql } from 'kysely';
import type { OrderStatus, ReservationStatus } from '../domain/lifecycle.js';
import type { Db } from './database.js';

/** What the reconciler reads of orders, workflows' shadows and stock; each list has an index and a limit. */

export async function openOrderIds(db: Db, after: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('orders')
    .select('id')
    .where(sql<boolean>`status not in ('completed', 'cancelled', 'rejected')`)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}

export interface OrderState {
  id: string;
  status: OrderStatus;
  version: number;
  workflow_started: boolean;
  placed_at: number;
  touched_at: number;
}

export async function orderStates(db: Db, ids: string[]): Promise<OrderState[]> {
  return db
    .selectFrom('orders')
    .select(['id', 'status', 'version', 'workflow_started', 'placed_at', 'touched_at'])
    .where('id', '=', sql<string>`any(${ids}::text[])`)
    .execute();
}

/** Orders in the order in which they were touched; `position` goes on after one of them. */
export async function touchedOrders(
  db: Db,
  from: { touchedAt: string; id: string },
  limit: number,
): Promise<{ id: string; touchedAt: string; touchedMs: number }[]> {
  const { rows } = await sql<{ id: string; touchedAt: string; touchedMs: number }>`
    select id, touched_at::text as "touchedAt", touched_at as "touchedMs" from orders
    where (touched_at, id) > (${from.touchedAt}::timestamptz, ${from.id})
    order by touched_at, id limit ${limit}`.execute(db);
  return rows;
}

/** What a reservation is while its order is so; `held` at a cancel that comes before the payment is known. */
const reservationStates: Record<OrderStatus, ReservationStatus[]> = {
  payment_pending: ['held', 'released'],
  reserving: ['held', 'reserved', 'released'],
  awaiting_release: ['reserved'],
  fulfillment_requested: ['reserved', 'consumed'],
  awaiting_pickup: ['reserved', 'consumed'],
  cancellation_requested: ['reserved', 'consumed'],
  in_transit: ['consumed'],
  delivery_exception: ['consumed'],
  returning: ['consumed'],
  cancelling: ['held', 'reserved', 'consumed', 'released'],
  completed: ['consumed'],
  // Units that had left the warehouse are not on the shelf again because the money went back.
  cancelled: ['released', 'consumed'],
  rejected: ['released'],
};

/**
 * Reservations that do not fit their order, or hold more or less than it asks for, by one statement: each order is seen
 * at one moment.
 */
export async function oddReservations(db: Db, limit = 500) {
  const fitting = Object.entries(reservationStates).flatMap(([order, states]) =>
    states.map((state) => `${order} ${state}`),
  );
  const { rows } = await sql<{
    id: string;
    order: OrderStatus;
    reservation: ReservationStatus | null;
    quantity: number;
  }>`
    select o.id, o.status as "order", r.status as reservation, coalesce(r.quantity, 0) as quantity
    from orders o left join reservations r on r.order_id = o.id
    where (o.status || ' ' || coalesce(r.status, 'none')) <> all(${fitting}::text[])
      or (r.status in ('held', 'reserved') and r.quantity <> o.quantity)
    order by o.id limit ${limit}`.execute(db);
  return rows;
}

export async function oddStock(db: Db) {
  const { rows } = await sql<{ sku: string; reserved: number; total: number; capacity: number }>`
    select p.sku, p.reserved, p.capacity, coalesce(r.total, 0)::int as total
    from products p left join (
      select sku, sum(quantity) as total from reservations where status <> 'released' group by sku) r on r.sku = p.sku
    where p.reserved <> coalesce(r.total, 0) or p.reserved > p.capacity
    order by p.sku`.execute(db);
  return rows;
}
