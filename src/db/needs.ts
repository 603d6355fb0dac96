import { sql, type RawBuilder } from 'kysely';
import { moneyCalls, type AttentionReason } from '../domain/attention.js';
import type { OrderStatus } from '../domain/lifecycle.js';
import { defaultPolicy } from '../domain/policy.js';
import { reasonsOfOrder } from './attention.js';
import type { Db } from './database.js';
import type { KeyRole } from './machine-keys.js';
import { isDueByMovedClock, nearDeadlines, type DeadlineGroup } from './near-deadlines.js';
import { cancelStands } from './orders.js';
import type { Proposal } from './proposals.js';
import { instant } from './schema.js';

/** What waits for a person. Instants: epoch ms, by the order's own clock; `now` is what that clock shows. */
export interface Need {
  kind: 'attention' | 'deadline' | 'pickup' | 'refund';
  orderId: string;
  status: OrderStatus;
  sku: string;
  productName: string;
  amountMinor: number;
  currency: string;
  /** An attention reason, the number of reminders, a refund's status. */
  reason: string;
  /** The open call about the same trouble. */
  call: AttentionReason | null;
  cancelAsked: boolean;
  since: number;
  dueAt: number | null;
  now: number;
  proposal: Proposal | null;
}

type Row = Omit<Need, 'proposal' | 'now' | 'cancelAsked'> & {
  cancel_requested_at: number | null;
  cancel_refused_at: number | null;
  offset: number;
  proposalId: string | null;
  action: string | null;
  reference: string | null;
  by: string | null;
  byName: string | null;
  byRole: KeyRole | null;
  proposedAt: number | null;
};

/** How long before, and how long after, it becomes a person's business; ms. */
export interface Patience {
  deadlineMs: number;
  refundMs: number;
}

const order = sql`o.id as "orderId", o.status, o.sku, o.product_name as "productName", o.amount_minor as "amountMinor",
  o.currency, o.clock_offset_ms as "offset", o.cancel_requested_at, o.cancel_refused_at`;
const noProposal = sql`null::text as "proposalId", null::text as action, null::text as reference, null::text as by,
  null::text as "byName", null::text as "byRole", null::timestamptz as "proposedAt"`;
const offset = sql`o.clock_offset_ms * interval '1 millisecond'`;

/** The order's open call of one of these reasons. */
const callOf = (reasons: readonly AttentionReason[]) => sql`left join lateral (
  select reason, due_at from attention where order_id = o.id and resolved_at is null
    and reason in (${sql.join(reasons)}) order by due_at limit 1) as c on true`;

/** How long the order's policy allows for something. */
const policyMs = (name: 'partnerSilenceMs' | 'refundPendingAlarmMs') =>
  sql`coalesce((o.policy ->> ${sql.lit(name)})::bigint, ${sql.lit(defaultPolicy[name] ?? 0)}) * interval '1 millisecond'`;

/** Each kind as a source of rows, in the order of urgency. */
function sources(now: number, { deadlineMs, refundMs }: Patience): Record<Need['kind'], RawBuilder<unknown>> {
  return {
    attention: sql`
      select ${order}, a.reason, a.reason as call, a.since, a.due_at as "dueAt", p.id as "proposalId", p.action, p.reference,
        p.proposed_by as by, k.name as "byName", k.role as "byRole", p.proposed_at as "proposedAt"
      from attention a join orders o on o.id = a.order_id
      left join proposals p on p.attention_id = a.id and p.decided_at is null
      left join machine_keys k on k.id = p.proposed_by
      where a.resolved_at is null`,
    // Of clocks that were moved; `nearDeadlines` has the others.
    deadline: sql`
      select ${order}, 'deadline_near' as reason, null::text as call, o.placed_at as since, o.deadline_at as "dueAt",
        ${noProposal}
      from orders o where o.status = 'awaiting_release' and ${isDueByMovedClock(now + deadlineMs)}`,
    pickup: sql`
      select ${order}, f.reminders::text as reason, c.reason as call, f.created_at as since, o.deadline_at as "dueAt",
        ${noProposal}
      from orders o join fulfillment_orders f on f.order_id = o.id and f.reminders > 0
        and f.attempt = (select max(attempt) from fulfillment_orders where order_id = o.id)
      ${callOf(reasonsOfOrder)}
      where o.status = 'awaiting_pickup'`,
    // The customer waits since the first time that the money was asked for.
    refund: sql`
      select ${order}, r.status as reason, c.reason as call,
        (select min(requested_at) from refunds where order_id = o.id and status not in ('succeeded', 'settled_outside')) as since,
        coalesce(c.due_at, case when r.status in ('failed', 'canceled') then r.settled_at + ${policyMs('partnerSilenceMs')}
          else r.requested_at + ${policyMs('refundPendingAlarmMs')} end) as "dueAt", ${noProposal}
      from refunds r join orders o on o.id = r.order_id
      ${callOf(Object.values(moneyCalls))}
      where r.status not in ('succeeded', 'settled_outside')
        and not exists (select from refunds later where later.order_id = r.order_id and later.n > r.n)
        and (r.status in ('failed', 'canceled') or r.requested_at <= ${instant(now - refundMs)} + ${offset})`,
  };
}

export async function needs(
  db: Db,
  now: number,
  patience: Patience,
  limit: number,
): Promise<{ counts: Record<Need['kind'], number>; items: Need[]; groups: DeadlineGroup[] }> {
  const counts = { attention: 0, deadline: 0, pickup: 0, refund: 0 };
  const items: Need[] = [];
  for (const [name, source] of Object.entries(sources(now, patience))) {
    const kind = name as Need['kind'];
    const { rows } = await sql<Row & { total: number }>`
      select *, count(*) over () as total from (${source}) as n
      order by n."dueAt" nulls last, n.since, n."orderId" limit ${limit}`.execute(db);
    items.push(...rows.map(({ total: _total, ...row }) => toNeed(kind, row, now)));
    counts[kind] = rows[0]?.total ?? 0;
  }
  const { count, groups } = await nearDeadlines(db, now + patience.deadlineMs, limit);
  counts.deadline += count;
  return { counts, items, groups };
}

function toNeed(kind: Need['kind'], row: Row, wallClock: number): Need {
  const { offset, cancel_requested_at, cancel_refused_at, ...ofProposal } = row;
  const { proposalId, action, reference, by, byName, byRole, proposedAt, ...rest } = ofProposal;
  const cancelAsked = cancelStands({ cancel_requested_at, cancel_refused_at });
  const proposal =
    proposalId !== null && action !== null && by !== null && proposedAt !== null
      ? { id: proposalId, action, reference, by, byName, byRole, at: proposedAt }
      : null;
  return { ...rest, kind, cancelAsked, proposal, now: wallClock + offset };
}
