import { sql } from 'kysely';
import type { Db } from './database.js';
import { lastRun } from './reconciliation-runs.js';

/** What the gateway keeps beyond the ledger's word, in minor units. */
export interface Difference {
  /** Null: of no product, or in another currency than the product's. */
  sku: string | null;
  currency: string;
  amountMinor: number;
  /** Orders and charges that differ. */
  subjects: number;
}

/**
 * By the open findings of the reconciler: what it compared and found to be the same is the same. They are held against
 * the ledger as it is now, which may have learned of them since. Several findings of one subject tell the same sum.
 */
export async function differencesAtGateway(db: Db): Promise<Difference[]> {
  const { rows } = await sql<Difference>`
    select p.sku, f.gateway_currency as currency, sum(f.gateway_minor - l.kept)::bigint as "amountMinor",
      count(*)::int as subjects
    from (
      select distinct on (subject) subject, order_id, gateway_minor, gateway_currency from findings
      where resolved_at is null and gateway_minor is not null order by subject, last_seen desc, id desc) f
    cross join lateral (
      select coalesce(sum(amount_minor), 0)::bigint as kept from ledger_entries
      where order_id = f.order_id and order_id = f.subject and account = 'gateway') l
    left join orders o on o.id = f.order_id
    left join products p on p.sku = o.sku and p.currency = f.gateway_currency
    where f.gateway_minor <> l.kept
    group by p.sku, f.gateway_currency order by p.sku, f.gateway_currency`.execute(db);
  return rows;
}

/** When the last complete run began, in epoch ms; undefined before the first. */
export const comparedAt = async (db: Db): Promise<number | undefined> =>
  (await lastRun(db, 'complete'))?.started_at;
