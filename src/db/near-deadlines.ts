import { sql, type RawBuilder, type SqlBool } from 'kysely';
import { DAY } from '../domain/deadline.js';
import type { Db } from './database.js';
import { instant } from './schema.js';

/** Orders of one product that await their release and have their deadline on the same day (UTC). Instants: epoch ms. */
export interface DeadlineGroup {
  sku: string;
  productName: string;
  currency: string;
  orders: number;
  amountMinor: number;
  /** The whole day, until the next one begins. */
  from: number;
  before: number;
  /** The first deadline of them. */
  dueAt: number;
  /** When the first of them was placed. */
  since: number;
  /** One of them; the only one of a group of one. */
  orderId: string;
}

/** Whole days: a list of orders can then be asked for the very same ones. */
export const endOfDay = (at: number): number => (Math.floor(at / DAY) + 1) * DAY;

/**
 * Of orders that await their release: due by the end of the day of `until`, or past that by now; one whose clock was
 * moved, by `until` as its own clock has it. In two, because only a deadline against an instant is found by an index.
 */
export const isDue = (until: number): RawBuilder<SqlBool> =>
  sql<SqlBool>`(clock_offset_ms = 0 and deadline_at < ${instant(endOfDay(until))} or ${isDueByMovedClock(until)})`;

export const isDueByMovedClock = (until: number): RawBuilder<SqlBool> =>
  sql<SqlBool>`(clock_offset_ms <> 0
    and deadline_at <= ${instant(until)} + clock_offset_ms * interval '1 millisecond')`;

/** What is due by the end of the day of `until`. Without orders whose clocks were moved: their days are their own. */
export async function nearDeadlines(
  db: Db,
  until: number,
  limit: number,
): Promise<{ count: number; groups: DeadlineGroup[] }> {
  const { rows } = await sql<Omit<DeadlineGroup, 'before'> & { groups: number }>`
    select sku, currency, max("productName") as "productName", sum(orders)::bigint as orders,
      sum(amount)::bigint as "amountMinor", date_trunc('day', due, 'UTC') as "from", min(due) as "dueAt",
      min(placed) as since, min("orderId") as "orderId", count(*) over () as groups
    -- Most orders of a product have the same deadline: first by the instant, which is cheap, and then by its day.
    from (
      select sku, currency, deadline_at as due, count(*) as orders, sum(amount_minor) as amount, min(placed_at) as placed,
        min(id collate "C") as "orderId", max(product_name collate "C") as "productName"
      from orders
      where status = 'awaiting_release' and clock_offset_ms = 0 and deadline_at < ${instant(endOfDay(until))}
      group by sku, currency, deadline_at
    ) as due
    group by sku, currency, date_trunc('day', due, 'UTC')
    order by "dueAt", sku limit ${limit}`.execute(db);
  return {
    count: rows[0]?.groups ?? 0,
    groups: rows.map(({ groups: _groups, ...group }) => ({ ...group, before: group.from + DAY })),
  };
}
