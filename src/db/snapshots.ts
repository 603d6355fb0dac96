import { sql, type SelectQueryBuilder } from 'kysely';
import type { AttentionReason } from '../domain/attention.js';
import { orderWorkflowId } from '../domain/identity.js';
import { allowedActions } from '../domain/lifecycle.js';
import type { OrderSnapshot, RefundFact } from '../domain/order.js';
import { toAttention } from './attention.js';
import type { Db } from './database.js';
import { cancelStands } from './orders.js';
import type { Schema } from './schema.js';

/** What the API, the CLI and the pages show of orders, read from the facts in the database. */

const columns = [
  ...(['id', 'sku', 'product_name', 'quantity', 'amount_minor', 'currency', 'status'] as const),
  ...([
    'cancel_reason',
    'cancel_requested_at',
    'cancel_refused_at',
    'placed_at',
    'updated_at',
    'release_at',
    'deadline_at',
  ] as const),
  ...(['clock_offset_ms', 'customer_id', 'customer_name', 'customer_email', 'token_number'] as const),
] as const;

interface Call {
  reason: AttentionReason;
  since: number;
  due_at: number;
}
/** An instant inside of JSON. */
const ms = (column: string) => sql`round(extract(epoch from ${sql.ref(column)}) * 1000)`;

/** The orders are chosen first, and only then looked at: of a long list no more than one page. */
function baseQuery(db: Db, chosen: SelectQueryBuilder<Schema, 'orders', object>) {
  return db
    .selectFrom(chosen.select(columns).as('o'))
    .innerJoin('payments as p', 'p.order_id', 'o.id')
    .leftJoin('reservations as r', 'r.order_id', 'o.id')
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('fulfillment_orders')
          .select([
            'fulfillment_orders.status as fulfillment_status',
            'attempt',
            'partner_id',
            'tracking_code',
          ])
          .select(['shipment_status', 'last_event_at', 'reminders'])
          .whereRef('order_id', '=', 'o.id')
          .orderBy('attempt', 'desc')
          .limit(1)
          .as('f'),
      (join) => join.onTrue(),
    )
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('refunds')
          .select([
            'refunds.id as refund_id',
            'refunds.gateway_id as refund_gateway_id',
            'refunds.amount_minor as refund_amount',
          ])
          .select(['refunds.status as refund_status', 'refunds.requested_at', 'refunds.settled_at'])
          .whereRef('order_id', '=', 'o.id')
          .orderBy('n', 'desc')
          .limit(1)
          .as('d'),
      (join) => join.onTrue(),
    )
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('attention')
          // A call that the order itself waits for comes first.
          .select(
            sql<
              Call[] | null
            >`json_agg(json_build_object('reason', reason, 'since', ${ms('since')}, 'due_at', ${ms('due_at')})
              order by reason = 'does_not_reconcile', due_at, id)`.as('calls'),
          )
          .whereRef('order_id', '=', 'o.id')
          .where('resolved_at', 'is', null)
          .as('a'),
      (join) => join.onTrue(),
    )
    .select(['o.id', 'o.sku', 'o.product_name', 'o.quantity', 'o.amount_minor', 'o.currency', 'o.status'])
    .select([
      'o.cancel_reason',
      'o.cancel_requested_at',
      'o.cancel_refused_at',
      'o.placed_at',
      'o.updated_at',
      'o.release_at',
    ])
    .select([
      'o.deadline_at',
      'o.clock_offset_ms',
      'o.customer_id',
      'o.customer_name',
      'o.customer_email',
      'o.token_number',
    ])
    .select([
      'p.status as payment_status',
      'p.gateway_id as payment_gateway_id',
      'p.failure_code',
      'r.status as reservation_status',
      'r.quantity as reservation_quantity',
      'f.fulfillment_status',
      'f.attempt',
      'f.partner_id',
      'f.tracking_code',
      'f.shipment_status',
      'f.last_event_at',
      'f.reminders',
      'd.refund_id',
      'd.refund_gateway_id',
      'd.refund_amount',
      'd.refund_status',
      'd.requested_at as refund_requested_at',
      'd.settled_at as refund_settled_at',
      'a.calls',
    ]);
}

type Row = Awaited<ReturnType<ReturnType<typeof baseQuery>['executeTakeFirstOrThrow']>>;

function toRefund(row: Row): RefundFact | null {
  if (!row.refund_id || !row.refund_status || row.refund_requested_at === null) return null;
  return {
    id: row.refund_id,
    gatewayId: row.refund_gateway_id,
    amountMinor: row.refund_amount ?? 0,
    currency: row.currency,
    status: row.refund_status,
    requestedAt: row.refund_requested_at,
    settledAt: row.refund_settled_at,
  };
}

function toFulfillment(row: Row): Pick<OrderSnapshot, 'fulfillment' | 'shipment'> {
  if (!row.fulfillment_status || row.attempt === null) return { fulfillment: null, shipment: null };
  const fulfillment = { status: row.fulfillment_status, attempt: row.attempt, partnerId: row.partner_id };
  if (!row.partner_id || !row.shipment_status) return { fulfillment, shipment: null };
  const shipment = {
    status: row.shipment_status,
    trackingCode: row.tracking_code,
    lastEventAt: row.last_event_at,
    reminders: row.reminders ?? 0,
  };
  return { fulfillment, shipment };
}

function toSnapshot(row: Row, wallClock: number): OrderSnapshot {
  const calls = (row.calls ?? []).map((call) => toAttention(call, cancelStands(row)));
  return {
    orderId: row.id,
    workflowId: orderWorkflowId(row.id),
    sku: row.sku,
    productName: row.product_name,
    quantity: row.quantity,
    amountMinor: row.amount_minor,
    currency: row.currency,
    status: row.status,
    payment: { status: row.payment_status, gatewayId: row.payment_gateway_id, failureCode: row.failure_code },
    reservation: { status: row.reservation_status ?? 'released', quantity: row.reservation_quantity ?? 0 },
    ...toFulfillment(row),
    refund: toRefund(row),
    cancelReason: row.cancel_reason,
    cancelRequestedAt: row.cancel_requested_at,
    cancelStands: cancelStands(row),
    placedAt: row.placed_at,
    updatedAt: row.updated_at,
    releaseAt: row.release_at,
    deadlineAt: row.deadline_at,
    now: wallClock + row.clock_offset_ms,
    needsAttention: calls[0] ?? null,
    calls,
    allowedActions: allowedActions(row.status, calls.length > 0),
    customerId: row.customer_id,
    customerName: row.customer_name,
    customerEmail: row.customer_email,
    tokenNumber: row.token_number,
  };
}

export async function snapshotOf(
  db: Db,
  orderId: string,
  wallClock: number,
): Promise<OrderSnapshot | undefined> {
  const row = await baseQuery(db, db.selectFrom('orders').where('id', '=', orderId)).executeTakeFirst();
  return row && toSnapshot(row, wallClock);
}

/** In the order in which they are sorted, which the chosen ones must be, too. */
export async function snapshotsOf(
  db: Db,
  chosen: SelectQueryBuilder<Schema, 'orders', object>,
  sorted: { column: 'placed_at' | 'deadline_at' | 'updated_at'; direction: 'asc' | 'desc' },
  wallClock: number,
): Promise<OrderSnapshot[]> {
  const { column, direction } = sorted;
  const rows = await baseQuery(db, chosen)
    .orderBy(`o.${column}`, direction)
    .orderBy('o.id', direction)
    .execute();
  return rows.map((row) => toSnapshot(row, wallClock));
}
