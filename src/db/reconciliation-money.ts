import { sql } from 'kysely';
import type { DisputeStatus, OrderStatus, RefundStatus } from '../domain/lifecycle.js';
import type { Policy } from '../domain/policy.js';
import type { Db } from './database.js';

/** An order's money by our own books; amounts in minor units. */
export interface MoneyFacts {
  orderId: string;
  status: OrderStatus;
  policy: Policy;
  amount: number;
  currency: string;
  gatewayId: string | null;
  charged: number;
  refunded: number;
  /** Taken by the customer's bank. */
  disputed: number;
  /** Not 0: an entry stands without its counterpart. */
  balance: number;
}

const facts = sql<MoneyFacts>`
  select o.id as "orderId", o.status, o.policy, o.amount_minor as amount, o.currency, p.gateway_id as "gatewayId",
    coalesce(l.charged, 0)::bigint as charged, coalesce(l.refunded, 0)::bigint as refunded,
    coalesce(l.disputed, 0)::bigint as disputed, coalesce(l.balance, 0)::bigint as balance
  from orders o join payments p on p.order_id = o.id left join lateral (
    select sum(amount_minor) filter (where account = 'gateway' and operation = 'charge') as charged,
      -sum(amount_minor) filter (where account = 'gateway' and operation in ('refund', 'refund_reversal')) as refunded,
      sum(amount_minor) filter (where account = 'disputes') as disputed, sum(amount_minor) as balance
    from ledger_entries where order_id = o.id) l on true`;

export async function moneyOf(db: Db, orderId: string): Promise<MoneyFacts | undefined> {
  return (await sql<MoneyFacts>`${facts} where o.id = ${orderId}`.execute(db)).rows[0];
}

export async function moneyByCharge(db: Db, gatewayIds: string[]): Promise<MoneyFacts[]> {
  return (await sql<MoneyFacts>`${facts} where p.gateway_id = any(${gatewayIds}::text[])`.execute(db)).rows;
}

/** What the ledger has of a hand that is not the order's: entries after `after` that its status does not imply. */
export async function oddEntries(db: Db, after: number, limit: number) {
  const { rows } = await sql<{ last: number; odd: string[] }>`
    with fresh as (select id, order_id from ledger_entries where id > ${after}::bigint order by id limit ${limit}),
    of as (${facts} where o.id in (select order_id from fresh))
    select (select max(id) from fresh) as last, coalesce((select array_agg("orderId") from of
      where balance <> 0 or charged not in (0, amount)
        or (refunded <> 0 and status not in ('cancelling', 'cancelled'))
        or (charged = 0 and status not in ('payment_pending', 'rejected', 'cancelling', 'cancelled'))), '{}') as odd`.execute(
    db,
  );
  return rows[0]?.last ? rows[0] : undefined;
}

/** Undone orders whose latest refund is not settled. */
export async function ordersWithUnsettledRefund(db: Db, after: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select r.order_id as id from refunds r join orders o on o.id = r.order_id
    where r.status not in ('succeeded', 'settled_outside') and o.status in ('cancelled', 'rejected')
      and not exists (select from refunds later where later.order_id = r.order_id and later.n > r.n)
      and r.order_id > ${after} order by r.order_id limit ${limit}`.execute(db);
  return rows.map((row) => row.id);
}

/** Orders with a dispute that is not decided yet. */
export async function ordersWithOpenDispute(db: Db, after: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct order_id as id from disputes where status = 'open' and order_id > ${after}
    order by order_id limit ${limit}`.execute(db);
  return rows.map((row) => row.id);
}

export interface KnownDispute {
  gatewayId: string;
  status: DisputeStatus;
}

export async function knownDisputes(db: Db, gatewayIds: string[]): Promise<KnownDispute[]> {
  return (
    await sql<KnownDispute>`
      select gateway_id as "gatewayId", status from disputes where gateway_id = any(${gatewayIds}::text[])`.execute(
      db,
    )
  ).rows;
}

export interface KnownRefund {
  gatewayId: string;
  status: RefundStatus;
  amount: number;
}

export async function knownRefunds(db: Db, gatewayIds: string[]): Promise<KnownRefund[]> {
  return (
    await sql<KnownRefund>`
      select gateway_id as "gatewayId", status, amount_minor as amount from refunds
      where gateway_id = any(${gatewayIds}::text[])`.execute(db)
  ).rows;
}
