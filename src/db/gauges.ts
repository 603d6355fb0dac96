import { sql } from 'kysely';
import type { Db } from './database.js';

/** What the metrics count: facts without names, each by an index. Ages in seconds. */
export interface Gauges {
  orders: { status: string; n: number }[];
  attention: { reason: string; n: number; age: number }[];
  refunds: { status: string; n: number; age: number }[];
  waiting: { queue: string; n: number; age: number }[];
}

/** `now`: epoch ms. */
export async function readGauges(db: Db, now: number): Promise<Gauges> {
  const at = new Date(now).toISOString();
  const age = (column: string) =>
    sql.raw<number>(`coalesce(extract(epoch from '${at}'::timestamptz - min(${column})), 0)::float`);
  const queue = (name: string, since: string, rest: string) =>
    sql.raw(`select '${name}' as queue, count(*) as n,
      coalesce(extract(epoch from '${at}'::timestamptz - min(${since})), 0)::float as age from ${rest}`);
  const orders = await sql<Gauges['orders'][number]>`
    select status, count(*) as n from orders group by status`.execute(db);
  const attention = await sql<Gauges['attention'][number]>`
    select reason, count(*) as n, ${age('since')} as age from attention where resolved_at is null
    group by reason`.execute(db);
  const refunds = await sql<Gauges['refunds'][number]>`
    select status, count(*) as n, ${age('requested_at')} as age from refunds where settled_at is null
    group by status`.execute(db);
  const waiting = await sql<Gauges['waiting'][number]>`
    ${queue('inbox', 'received_at', 'inbox where processed_at is null')}
    union all ${queue('outbox', 'created_at', 'outbox where sent_at is null')}
    union all ${queue('commands', 'requested_at', 'commands where answered_at is null')}
    union all ${queue('proposals', 'proposed_at', 'proposals where decided_at is null')}
    `.execute(db);
  return { orders: orders.rows, attention: attention.rows, refunds: refunds.rows, waiting: waiting.rows };
}
