import { sql } from 'kysely';
import type { PolicyOverrides } from '../domain/policy.js';
import type { Db } from './database.js';

/**
 * What a product has come to: units from the stock rows, money from the ledger, in minor units. What is held for goods
 * that are not delivered is what the books call held: neither back, nor on its way back, nor at a customer's bank.
 */
export interface ProductFigures {
  sku: string;
  name: string;
  currency: string;
  price: number;
  open: boolean;
  releaseAt: number;
  policy: PolicyOverrides;
  capacity: number;
  left: number;
  orders: number;
  sold: number;
  held: number;
  reserved: number;
  consumed: number;
  delivered: number;
  cancelled: number;
  charged: number;
  refunded: number;
  refundsOnTheirWay: number;
  disputed: number;
  undelivered: number;
  earned: number;
  awaitingRelease: number;
  needsAttention: number;
}

/** Reads every order there ever was: for a page that a person opens, not for a loop. */
export async function productFigures(db: Db): Promise<ProductFigures[]> {
  const { rows } = await sql<ProductFigures>`
    select p.sku, p.name, p.currency, p.price_minor as price, p.open, p.release_at as "releaseAt", p.policy, p.capacity,
      p.capacity - p.reserved as left, coalesce(o.orders, 0) as orders, coalesce(o.sold, 0) as sold,
      coalesce(s.held, 0) as held, coalesce(s.reserved, 0) as reserved, coalesce(s.consumed, 0) as consumed,
      coalesce(o.delivered, 0) as delivered, coalesce(o.cancelled, 0) as cancelled,
      coalesce(o."awaitingRelease", 0) as "awaitingRelease", coalesce(l.charged, 0)::bigint as charged,
      coalesce(l.refunded, 0)::bigint as refunded, coalesce(l.disputed, 0)::bigint as disputed,
      coalesce(l.undelivered, 0)::bigint as undelivered, coalesce(l.earned, 0)::bigint as earned,
      coalesce(l."onTheirWay", 0)::bigint as "refundsOnTheirWay", coalesce(a.calls, 0) as "needsAttention"
    from products p
    left join (
      select sku, count(*) as orders, sum(quantity) filter (where status = 'completed') as delivered,
        sum(quantity) filter (where status in ('cancelling', 'cancelled')) as cancelled,
        sum(quantity) filter (where status not in ('payment_pending', 'rejected', 'cancelling', 'cancelled')) as sold,
        count(*) filter (where status = 'awaiting_release') as "awaitingRelease"
      from orders group by sku) o on o.sku = p.sku
    left join (
      select sku, sum(quantity) filter (where status = 'held') as held,
        sum(quantity) filter (where status = 'reserved') as reserved,
        sum(quantity) filter (where status = 'consumed') as consumed
      from reservations group by sku) s on s.sku = p.sku
    left join (
      select o.sku, sum(e.charged) as charged, sum(e.refunded) as refunded, sum(e.disputed) as disputed,
        sum(e.earned) as earned, sum(r."onTheirWay") as "onTheirWay",
        sum(greatest(0, e.charged - e.refunded - coalesce(r."onTheirWay", 0) - e.disputed - e.earned)) as undelivered
      from (
        select order_id,
          coalesce(sum(amount_minor) filter (where account = 'gateway' and operation = 'charge'), 0) as charged,
          coalesce(-sum(amount_minor) filter (where account = 'gateway' and operation like 'refund%'), 0) as refunded,
          coalesce(sum(amount_minor) filter (where account = 'disputes'), 0) as disputed,
          coalesce(-sum(amount_minor) filter (where account = 'revenue'), 0) as earned
        from ledger_entries group by order_id) e
      join orders o on o.id = e.order_id
      left join (
        select order_id, sum(amount_minor) as "onTheirWay" from refunds
        where status in ('pending', 'requires_action') group by order_id) r on r.order_id = e.order_id
      group by o.sku) l on l.sku = p.sku
    left join (
      select o.sku, count(distinct a.order_id) as calls from attention a join orders o on o.id = a.order_id
      where a.resolved_at is null group by o.sku) a on a.sku = p.sku
    order by p.release_at, p.sku`.execute(db);
  return rows;
}
