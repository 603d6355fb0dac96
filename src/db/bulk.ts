import { sql } from 'kysely';
import type { OrderStatus } from '../domain/lifecycle.js';
import type { Db } from './database.js';
import { taken } from './disputes.js';
import type { Chosen } from './order-list.js';
import { at, instant } from './schema.js';

/** Chosen orders that a command meets alike; amounts in minor units. */
export interface Group {
  status: OrderStatus;
  currency: string;
  /** By the orders' own clocks. */
  late: boolean;
  orders: number;
  amount: number;
  /** Less what the customers' banks have taken back: that is not refunded as well. */
  goesBack: { orders: number; amount: number };
}

const isLate = (now: number) =>
  sql<boolean>`(deadline_at < ${instant(now)} + clock_offset_ms * interval '1 millisecond')`;

export async function groupsOf(db: Db, chosen: Chosen, now: number): Promise<Group[]> {
  const { rows } = await sql<Omit<Group, 'goesBack'> & { backOrders: number; backAmount: number }>`
    select status, currency, late, count(*) as orders, sum(amount_minor)::bigint as amount,
      count(*) filter (where amount_minor > coalesce(t.minor, 0)) as "backOrders",
      sum(greatest(0, amount_minor - coalesce(t.minor, 0)))::bigint as "backAmount"
    from (${chosen
      .select(['id', 'status', 'currency', 'amount_minor'])
      .select(isLate(now).as('late'))}) as chosen
    left join ${taken} as t on t.order_id = chosen.id
    group by status, currency, late order by status, currency, late`.execute(db);
  return rows.map(({ backOrders, backAmount, ...group }) => ({
    ...group,
    goesBack: { orders: backOrders, amount: backAmount },
  }));
}

/** What decides whether an order can be asked. */
export interface Askable {
  id: string;
  status: OrderStatus;
  late: boolean;
}

export const askablesOf = (chosen: Chosen, now: number): Promise<Askable[]> =>
  chosen.select(['id', 'status']).select(isLate(now).as('late')).execute();

/** The ids of the oldest ones of these groups, oldest first. */
export async function oldestOf(
  chosen: Chosen,
  groups: Group[],
  now: number,
  most: number,
): Promise<string[]> {
  const rows = await chosen
    .where((eb) =>
      eb.or(
        groups.map(({ status, late }) => eb.and([eb('status', '=', status), eb(isLate(now), '=', late)])),
      ),
    )
    .select('id')
    .orderBy('id')
    .limit(most)
    .execute();
  return rows.map(({ id }) => id);
}

export interface BulkRun {
  id: string;
  fingerprint: string;
  command: string;
  /** Those that could be asked when it began. */
  orderIds: string[];
  by: string;
  at: number;
}

/** Keeps which orders a run is about, once; answers what stands. */
export async function keepRun(db: Db, run: BulkRun): Promise<BulkRun> {
  await db
    .insertInto('bulk_runs')
    .values({
      id: run.id,
      fingerprint: run.fingerprint,
      command: run.command,
      order_ids: JSON.stringify(run.orderIds),
      // Releases before this one had runs that left some for another.
      remaining: 0,
      asked_by: run.by,
      asked_at: at(run.at),
    })
    .onConflict((oc) => oc.doNothing())
    .execute();
  return (await findRun(db, run.id)) ?? run;
}

export async function findRun(db: Db, id: string): Promise<BulkRun | undefined> {
  const row = await db
    .selectFrom('bulk_runs')
    .select(['id', 'fingerprint', 'command', 'order_ids', 'asked_by', 'asked_at'])
    .where('id', '=', id)
    .executeTakeFirst();
  return (
    row && {
      id: row.id,
      fingerprint: row.fingerprint,
      command: row.command,
      orderIds: row.order_ids,
      by: row.asked_by,
      at: row.asked_at,
    }
  );
}
