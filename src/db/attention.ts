import {
  attentionReasons,
  isAboutOrder,
  resolutionsOf,
  type Attention,
  type AttentionReason,
} from '../domain/attention.js';
import type { Tx } from './database.js';
import { at } from './schema.js';

export const reasonsOfOrder = (Object.keys(attentionReasons) as AttentionReason[]).filter(isAboutOrder);

/** Calls a person, once per order and reason while it is open. */
export async function raiseAttention(
  tx: Tx,
  call: { orderId: string; reason: AttentionReason; since: number; dueAt: number },
): Promise<void> {
  await tx
    .insertInto('attention')
    .values({
      order_id: call.orderId,
      reason: call.reason,
      since: at(call.since),
      due_at: at(call.dueAt),
      resolved_by: null,
      resolution: null,
    })
    .onConflict((oc) => oc.columns(['order_id', 'reason']).where('resolved_at', 'is', null).doNothing())
    .execute();
}

/**
 * Closes the call of one reason, or, without one, all that the order itself has raised. The watch over its money and the
 * reconciler close theirs: what they have found does not end because the parcel moves.
 */
export async function closeAttention(
  tx: Tx,
  orderId: string,
  end: { reason?: AttentionReason; resolution: string; by: string; at: number },
): Promise<void> {
  let query = tx
    .updateTable('attention')
    .set({ resolved_at: at(end.at), resolved_by: end.by, resolution: end.resolution })
    .where('order_id', '=', orderId)
    .where('resolved_at', 'is', null);
  query = end.reason ? query.where('reason', '=', end.reason) : query.where('reason', 'in', reasonsOfOrder);
  await query.execute();
}

export function toAttention(
  row: { reason: AttentionReason; since: number; due_at: number },
  cancelAsked: boolean,
): Attention {
  const { text, fallback } = attentionReasons[row.reason];
  return {
    reason: row.reason,
    text,
    since: row.since,
    dueAt: row.due_at,
    allowedActions: resolutionsOf(row.reason, cancelAsked),
    defaultAction: fallback,
  };
}

export async function openCallsOf(tx: Tx, orderId: string) {
  return tx
    .selectFrom('attention')
    .select(['reason', 'since', 'due_at'])
    .where('order_id', '=', orderId)
    .where('resolved_at', 'is', null)
    .orderBy('due_at')
    .execute();
}

export async function openAttention(tx: Tx) {
  return tx
    .selectFrom('attention')
    .innerJoin('orders', 'orders.id', 'attention.order_id')
    .leftJoin('proposals', (join) =>
      join.onRef('proposals.attention_id', '=', 'attention.id').on('proposals.decided_at', 'is', null),
    )
    .select([
      'attention.order_id',
      'attention.reason',
      'attention.since',
      'attention.due_at',
      'orders.status',
      'orders.cancel_requested_at',
      'orders.cancel_refused_at',
    ])
    .select(['proposals.id as proposal_id', 'action', 'reference', 'proposed_by', 'proposed_at'])
    .where('attention.resolved_at', 'is', null)
    .orderBy('attention.due_at')
    .limit(200)
    .execute();
}
