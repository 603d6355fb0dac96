import type { AttentionReason } from '../domain/attention.js';
import type { Db, Tx } from './database.js';
import type { KeyRole } from './machine-keys.js';
import { at } from './schema.js';

/** One that waits for a second person. `at`: epoch ms. */
export interface Proposal {
  id: string;
  action: string;
  reference: string | null;
  by: string;
  byName: string | null;
  byRole: KeyRole | null;
  at: number;
}

export interface NewProposal {
  id: string;
  orderId: string;
  /** What it would resolve; it lapses when that is resolved otherwise. */
  reason: AttentionReason;
  action: string;
  reference: string | null;
  /** The id of the key. */
  by: string;
  at: number;
}

/**
 * Keeps what one person proposes until another one agrees; answers it, or the same proposal made before. One stands per
 * call: a different one takes its place. Undefined: nothing calls for it any more.
 */
export async function propose(
  db: Db,
  proposal: NewProposal,
): Promise<{ id: string; proposed_by: string } | undefined> {
  return db.transaction().execute(async (tx) => {
    const call = await tx
      .selectFrom('attention')
      .select('id')
      .where('order_id', '=', proposal.orderId)
      .where('reason', '=', proposal.reason)
      .where('resolved_at', 'is', null)
      .forUpdate()
      .executeTakeFirst();
    if (!call) return undefined;
    const standing = await tx
      .selectFrom('proposals')
      .select(['id', 'action', 'reference', 'proposed_by'])
      .where('attention_id', '=', call.id)
      .where('decided_at', 'is', null)
      .executeTakeFirst();
    if (standing?.action === proposal.action && standing.reference === proposal.reference) return standing;
    if (standing) await decided(tx, standing.id, { by: proposal.by, outcome: 'replaced', at: proposal.at });
    await tx
      .insertInto('proposals')
      .values({
        id: proposal.id,
        order_id: proposal.orderId,
        attention_id: call.id,
        action: proposal.action,
        reference: proposal.reference,
        proposed_by: proposal.by,
        proposed_at: at(proposal.at),
        decided_by: null,
        outcome: null,
      })
      .execute();
    return { id: proposal.id, proposed_by: proposal.by };
  });
}

export async function decided(
  tx: Tx,
  id: string,
  end: { by: string; outcome: string; at: number },
): Promise<void> {
  await tx
    .updateTable('proposals')
    .set({ decided_by: end.by, decided_at: at(end.at), outcome: end.outcome })
    .where('id', '=', id)
    .where('decided_at', 'is', null)
    .execute();
}

/** With `resolved_at` of what it would resolve. */
export async function proposalById(db: Db, id: string) {
  return db
    .selectFrom('proposals')
    .innerJoin('attention', 'attention.id', 'proposals.attention_id')
    .select([
      'proposals.id',
      'proposals.order_id',
      'action',
      'reference',
      'proposed_by',
      'decided_at',
      'outcome',
    ])
    .select(['attention.resolved_at', 'attention.reason'])
    .where('proposals.id', '=', id)
    .executeTakeFirst();
}

/** Those that wait, each for as long as the call which it answers is open. */
export async function openProposalsOf(
  db: Db,
  orderId: string,
): Promise<(Proposal & { reason: AttentionReason })[]> {
  return db
    .selectFrom('proposals as p')
    .innerJoin('attention as a', 'a.id', 'p.attention_id')
    .leftJoin('machine_keys as k', 'k.id', 'p.proposed_by')
    .select(['p.id', 'p.action', 'p.reference', 'p.proposed_by as by', 'p.proposed_at as at', 'a.reason'])
    .select(['k.name as byName', 'k.role as byRole'])
    .where('p.order_id', '=', orderId)
    .where('p.decided_at', 'is', null)
    .where('a.resolved_at', 'is', null)
    .orderBy('p.proposed_at')
    .execute();
}
