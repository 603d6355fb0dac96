import { sql, type RawBuilder, type SelectQueryBuilder, type SqlBool } from 'kysely';
import { finalStatuses, type OrderStatus } from '../domain/lifecycle.js';
import type { OrderSnapshot } from '../domain/order.js';
import type { Db } from './database.js';
import { isDue } from './near-deadlines.js';
import { found } from './order-search.js';
import { at, instant, type Schema } from './schema.js';
import { snapshotsOf } from './snapshots.js';

export interface OrderFilter {
  /** See `found`. */
  q?: string | undefined;
  status?: OrderStatus[] | undefined;
  open?: boolean | undefined;
  sku?: string | undefined;
  currency?: string | undefined;
  needsAttention?: boolean | undefined;
  refund?: RefundFilter | undefined;
  /** Epoch ms. */
  deadlineFrom?: number | undefined;
  deadlineBefore?: number | undefined;
  /** Awaits release and is due by then, or was: the orders that `needs` counts. Epoch ms. */
  dueBy?: number | undefined;
}

const sorts = {
  placed: { column: 'placed_at', direction: 'asc' },
  '-placed': { column: 'placed_at', direction: 'desc' },
  deadline: { column: 'deadline_at', direction: 'asc' },
  '-deadline': { column: 'deadline_at', direction: 'desc' },
  updated: { column: 'updated_at', direction: 'asc' },
  '-updated': { column: 'updated_at', direction: 'desc' },
} as const;
export type OrderSort = keyof typeof sorts;

export type Chosen = SelectQueryBuilder<Schema, 'orders', object>;

/** The orders a filter means. */
export async function chosenBy(db: Db, filter: OrderFilter): Promise<Chosen> {
  let query: Chosen = db.selectFrom('orders');
  if (filter.status) query = query.where('status', 'in', filter.status);
  if (filter.open) query = query.where('status', 'not in', [...finalStatuses]);
  if (filter.sku) query = query.where('sku', '=', filter.sku);
  if (filter.currency) query = query.where('currency', '=', filter.currency);
  if (filter.deadlineFrom !== undefined)
    query = query.where('deadline_at', '>=', instant(filter.deadlineFrom));
  if (filter.deadlineBefore !== undefined)
    query = query.where('deadline_at', '<', instant(filter.deadlineBefore));
  if (filter.dueBy !== undefined)
    query = query.where('status', '=', 'awaiting_release').where(isDue(filter.dueBy));
  if (filter.needsAttention)
    query = query.where('id', 'in', (eb) =>
      eb.selectFrom('attention').select('order_id').where('resolved_at', 'is', null),
    );
  if (filter.refund) query = query.where(whoseRefundIs(filter.refund));
  return filter.q === undefined ? query : query.where(await found(db, filter.q));
}

/** Of an order's last refund: an earlier one is over. */
const refundsThat = {
  pending: ['pending', 'requires_action'],
  failed: ['failed', 'canceled'],
} as const;
export type RefundFilter = keyof typeof refundsThat;

const whoseRefundIs = (which: RefundFilter): RawBuilder<SqlBool> => sql<SqlBool>`orders.id in (
  select order_id from refunds r where status in (${sql.join([...refundsThat[which]])})
    and not exists (select from refunds later where later.order_id = r.order_id and later.n > r.n))`;

interface Cursor {
  /** Epoch ms of the column that is sorted by. */
  at: number;
  id: string;
}

export interface Page {
  orders: OrderSnapshot[];
  /** Where to go on, or null at the end. */
  next: Cursor | null;
}

export async function listOrders(
  db: Db,
  filter: OrderFilter,
  page: { sort: OrderSort; limit: number; after?: Cursor | undefined },
  wallClock: number,
): Promise<Page> {
  const sorted = sorts[page.sort];
  const { column, direction } = sorted;
  let chosen = await chosenBy(db, filter);
  if (page.after) {
    const before = sql.raw(direction === 'asc' ? '>' : '<');
    const { at: ms, id } = page.after;
    chosen = chosen.where(
      sql<boolean>`(${sql.ref(column)}, id) ${before} (${at(ms)}::timestamptz, ${id}::text)`,
    );
  }
  chosen = chosen
    .orderBy(column, direction)
    .orderBy('id', direction)
    .limit(page.limit + 1);
  const all = await snapshotsOf(db, chosen, sorted, wallClock);
  const orders = all.slice(0, page.limit);
  const last = orders.at(-1);
  return {
    orders,
    next: all.length > page.limit && last ? { at: valueOf(last, column), id: last.orderId } : null,
  };
}

const valueOf = (order: OrderSnapshot, column: (typeof sorts)[OrderSort]['column']): number =>
  ({ placed_at: order.placedAt, deadline_at: order.deadlineAt, updated_at: order.updatedAt })[column];
