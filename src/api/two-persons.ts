import type { Answer, Wish } from '../client/commands.js';
import { findCommand } from '../db/commands.js';
import { decided, proposalById, propose } from '../db/proposals.js';
import { needsSecondPerson, type AttentionReason, type ResolveAction } from '../domain/attention.js';
import { proposalId } from '../domain/identity.js';
import { formatMoney } from '../domain/money.js';
import type { OrderSnapshot } from '../domain/order.js';
import type { Subject } from './access.js';
import { actorOf } from './auth.js';
import type { ApiDeps } from './deps.js';
import { HttpProblem, notFound } from './problems.js';

/*
 * What gives money or goods away above a limit is proposed by one person and approved by another, a supervisor. The
 * command is kept before the proposal is closed, under an id that is the proposal's: a crash between the two loses
 * nothing, and two approvals are one.
 */

export type Pending = Pick<Answer, 'message'> & { answer: 'pending_approval'; proposalId: string };
type Resolution = NonNullable<Wish['resolution']>;

/**
 * What a person alone may not decide becomes a proposal for the call it answers, `reason`; the same wish of a
 * supervisor approves the one that stands.
 * Undefined: one person is enough.
 */
export async function secondPerson(
  deps: ApiDeps,
  subject: Subject,
  order: OrderSnapshot,
  reason: AttentionReason,
  resolution: Resolution,
): Promise<Pending | Answer | undefined> {
  if (!needsSecondPerson(resolution.action, order.amountMinor, deps.approvalLimitMinor)) return undefined;
  if (resolution.action === 'settle_outside' && !resolution.reference)
    throw notAllowed('Settling outside needs a reference: the proof of payment.', order.orderId);
  const by = actorOf(subject).id;
  const standing = await propose(deps.database.db, {
    id: proposalId(deps.now(), deps.random(9)),
    orderId: order.orderId,
    reason,
    action: resolution.action,
    reference: resolution.reference ?? null,
    by,
    at: deps.now(),
  });
  if (!standing) throw notAllowed('Nothing about this order needs attention any more.', order.orderId);
  if (subject.kind === 'supervisor' && standing.proposed_by !== by)
    return (await approve(deps, subject, standing.id)).answer;
  return { answer: 'pending_approval', proposalId: standing.id, message: waits(deps, order, standing.id) };
}

function waits(deps: ApiDeps, { currency }: OrderSnapshot, id: string): string {
  const limit = formatMoney({ amountMinor: deps.approvalLimitMinor, currency });
  return `Above ${limit} two persons decide: a supervisor other than whoever proposed it runs preorder approve ${id}`;
}

/** Carries a proposal out. Throws when there is none, when it is one's own, or when it has lapsed. */
export async function approve(
  deps: ApiDeps,
  subject: Subject,
  id: string,
): Promise<{ orderId: string; answer: Answer }> {
  const { db } = deps.database;
  const proposal = await proposalById(db, id);
  if (!proposal) throw notFound(`The proposal ${id}`);
  const { order_id: orderId, reference, reason } = proposal;
  const actor = actorOf(subject);
  if (proposal.proposed_by === actor.id) {
    const detail = 'You proposed this yourself: another supervisor must approve it.';
    throw new HttpProblem(403, 'own_proposal', detail, { orderId });
  }
  const commandId = `${orderId}:approve:${id}`;
  const kept = await findCommand(db, commandId);
  if (kept?.outcome)
    return { orderId, answer: { answer: kept.outcome as Answer['answer'], message: kept.message ?? '' } };
  if (!kept && (proposal.decided_at !== null || proposal.resolved_at !== null))
    throw notAllowed(
      'This proposal has lapsed: another took its place, or the order no longer needs it.',
      orderId,
    );
  const resolution = {
    action: proposal.action as ResolveAction,
    reason,
    ...(reference ? { reference } : {}),
  };
  const answer = await deps.commands.run({ id: commandId, kind: 'resolve', orderId, actor, resolution });
  await decided(db, id, { by: actor.id, outcome: answer.answer, at: deps.now() });
  return { orderId, answer };
}

const notAllowed = (detail: string, orderId: string): HttpProblem =>
  new HttpProblem(409, 'not_allowed', detail, { orderId });
