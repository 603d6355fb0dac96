import { sql } from 'kysely';
import type { Finding } from '../domain/reconciliation.js';
import type { Tx } from './database.js';
import { closeAttention, raiseAttention } from './attention.js';
import { at, instant } from './schema.js';

const reason = 'does_not_reconcile';
const by = 'reconciler';

/** Keeps what was found. What changed since it was acknowledged is new to the person who did. */
export async function recordFindings(tx: Tx, findings: Finding[], now: number): Promise<void> {
  for (const { kind, subject, orderId, detail, atGateway } of findings) {
    await sql`
      insert into findings as f (kind, subject, order_id, detail, gateway_minor, gateway_currency, first_seen, last_seen)
      values (${kind}, ${subject}, ${orderId}, ${detail}, ${atGateway?.amountMinor ?? null}, ${atGateway?.currency ?? null},
        ${at(now)}::timestamptz, ${at(now)}::timestamptz)
      on conflict (kind, subject) where resolved_at is null do update set
        last_seen = excluded.last_seen, order_id = excluded.order_id, detail = excluded.detail,
        gateway_minor = excluded.gateway_minor, gateway_currency = excluded.gateway_currency,
        acknowledged_at = case when f.detail = excluded.detail then f.acknowledged_at end,
        acknowledged_by = case when f.detail = excluded.detail then f.acknowledged_by end`.execute(tx);
  }
}

export async function openFindings(tx: Tx) {
  return tx
    .selectFrom('findings')
    .select(['kind', 'subject', 'order_id', 'detail', 'first_seen', 'last_seen'])
    .select(['acknowledged_at', 'acknowledged_by'])
    .where('resolved_at', 'is', null)
    .orderBy('first_seen')
    .orderBy('id')
    .limit(1000)
    .execute();
}

/** Open findings that the run has not seen again so far. */
export async function findingsNotSeenBy(tx: Tx, runId: string) {
  return tx
    .selectFrom('findings')
    .select(['kind', 'subject'])
    .where('resolved_at', 'is', null)
    .where('last_seen', '<', (eb) =>
      eb.selectFrom('reconciliation_runs').select('started_at').where('id', '=', runId),
    )
    .orderBy('id')
    .limit(1000)
    .execute();
}

/** Those of them that were found before, in the same words, and are still open. */
export async function standing(tx: Tx, findings: Finding[]): Promise<Finding[]> {
  if (findings.length === 0) return [];
  const rows = await tx
    .selectFrom('findings')
    .select(['kind', 'subject', 'detail'])
    .where('resolved_at', 'is', null)
    .where('subject', 'in', [...new Set(findings.map(({ subject }) => subject))])
    .execute();
  const known = new Set(rows.map(({ kind, subject, detail }) => `${kind} ${subject} ${detail}`));
  return findings.filter(({ kind, subject, detail }) => known.has(`${kind} ${subject} ${detail}`));
}

/** What a complete run, which looks at every open finding, has not seen again is mended. */
export async function closeUnseen(tx: Tx, startedAt: number, now: number): Promise<void> {
  await tx
    .updateTable('findings')
    .set({ resolved_at: at(now) })
    .where('resolved_at', 'is', null)
    .where('last_seen', '<', instant(startedAt))
    .execute();
}

/** A person has seen it, and is not called again while the same is wrong. False: there was nothing to see. */
export async function acknowledgeFindings(
  tx: Tx,
  orderId: string,
  who: string,
  now: number,
): Promise<boolean> {
  const seen = await unseenFindings(tx, who, now).where('order_id', '=', orderId).returning('id').execute();
  await closeAttention(tx, orderId, { reason, resolution: 'acknowledge', by: who, at: now });
  return seen.length > 0;
}

/** The same of what is of no order. False: nothing of that name waits to be seen. */
export async function acknowledgeStray(tx: Tx, subject: string, who: string, now: number): Promise<boolean> {
  const strays = unseenFindings(tx, who, now).where('subject', '=', subject).where('order_id', 'is', null);
  return (await strays.returning('id').execute()).length > 0;
}

/** Those of them that are picked are seen by `who`. */
const unseenFindings = (tx: Tx, who: string, now: number) =>
  tx
    .updateTable('findings')
    .set({ acknowledged_at: at(now), acknowledged_by: who })
    .where('resolved_at', 'is', null)
    .where('acknowledged_at', 'is', null);

/** Calls a person for each order with a finding that nobody has seen yet, and takes the call back when it is mended. */
export async function callForFindings(tx: Tx, dueInMs: number, now: number): Promise<void> {
  const unseen = await tx
    .selectFrom('findings')
    .select((eb) => ['order_id', eb.fn.min('first_seen').as('since')])
    .where('resolved_at', 'is', null)
    .where('acknowledged_at', 'is', null)
    .where('order_id', 'is not', null)
    .groupBy('order_id')
    .execute();
  const called = new Set(unseen.map((row) => row.order_id ?? ''));
  for (const { order_id, since } of unseen) {
    if (order_id) await raiseAttention(tx, { orderId: order_id, reason, since, dueAt: since + dueInMs });
  }
  const calls = await tx
    .selectFrom('attention')
    .select('order_id')
    .where('reason', '=', reason)
    .where('resolved_at', 'is', null)
    .execute();
  for (const { order_id } of calls) {
    if (called.has(order_id)) continue;
    await closeAttention(tx, order_id, { reason, resolution: 'it fits again', by, at: now });
  }
}
