import { sql } from 'kysely';
import type { OrderStatus } from '../domain/lifecycle.js';
import type { Db } from './database.js';

export interface Count {
  label: string;
  n: number;
  /** Epoch ms of the oldest; null: there is none. */
  oldest: number | null;
}

/** Orders by status. Cheap for statuses that orders pass through; for those they end in it reads all there ever were. */
export async function countOrders(db: Db, statuses: readonly OrderStatus[]): Promise<Count[]> {
  const { rows } = await sql<Count>`
    select status as label, count(*) as n, null as oldest from orders where status = any(${[...statuses]}::text[])
    group by status`.execute(db);
  return rows;
}

/** What else the metrics count: facts without names, each read from an index of nothing but what is counted. */
export async function readGauges(db: Db) {
  const counts = async (query: ReturnType<typeof sql<Count>>): Promise<Count[]> =>
    (await query.execute(db)).rows;
  return {
    attention: await counts(sql<Count>`
      select reason as label, count(*) as n, min(since) as oldest from attention where resolved_at is null
      group by reason`),
    refunds: await counts(sql<Count>`
      select status as label, count(*) as n, min(requested_at) as oldest from refunds where settled_at is null
      group by status`),
    findings: await counts(sql<Count>`
      select kind as label, count(*) as n, min(first_seen) as oldest from findings where resolved_at is null
      group by kind`),
    waiting: await counts(sql<Count>`
      select 'inbox' as label, count(*) as n, min(received_at) as oldest from inbox where processed_at is null
      union all select 'outbox', count(*), min(created_at) from outbox where sent_at is null
      union all select 'commands', count(*), min(requested_at) from commands where answered_at is null
      union all select 'proposals', count(*), min(proposed_at) from proposals
        join attention on attention.id = attention_id where decided_at is null and resolved_at is null`),
  };
}
