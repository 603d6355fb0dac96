import type { ManyNeeds, OneNeed } from '../contract/console.js';
import type { Proposed } from '../contract/proposal.js';
import type { DeadlineGroup } from '../db/near-deadlines.js';
import type { Need } from '../db/needs.js';
import type { Proposal } from '../db/proposals.js';
import { attentionReasons, resolutionsOf, type AttentionReason } from '../domain/attention.js';
import { allowedActions } from '../domain/lifecycle.js';
import { formatMoney } from '../domain/money.js';
import { banksTake } from '../domain/working-days.js';

const iso = (ms: number): string => new Date(ms).toISOString();
type Words = Pick<OneNeed, 'reason' | 'text' | 'allowedActions' | 'defaultAction'>;

/** What may be decided about an open call. */
const decisionsOf = (call: AttentionReason, cancelAsked: boolean) => ({
  allowedActions: resolutionsOf(call, cancelAsked),
  defaultAction: attentionReasons[call].fallback,
});

/** The same in words, with what may be done about it. */
function wordsOf({ kind, reason, call, status, cancelAsked }: Need): Words {
  switch (kind) {
    case 'attention': {
      const open = reason as AttentionReason;
      return { reason, text: attentionReasons[open].text, ...decisionsOf(open, cancelAsked) };
    }
    case 'deadline':
      return {
        reason,
        text: deadlineText,
        allowedActions: allowedActions(status),
        defaultAction: 'start-fulfillment',
      };
    case 'pickup':
      return {
        reason: 'pickup_reminded',
        text: `Not picked up after ${reason === '1' ? 'a reminder' : `${reason} reminders`}`,
        allowedActions: allowedActions(status),
        defaultAction: null,
      };
    case 'refund':
      return {
        reason: `refund_${reason}`,
        text: (call ? attentionReasons[call].text : refundTexts[reason]) ?? 'The refund has not arrived',
        ...(call
          ? decisionsOf(call, cancelAsked)
          : { allowedActions: allowedActions(status), defaultAction: null }),
      };
  }
}

const deadlineText =
  'Fulfillment has not been started; after the deadline the order is cancelled and refunded';

/** While nobody is called for it. */
const refundTexts: Record<string, string> = {
  failed: 'The refund failed at the payment gateway',
  canceled: 'The refund was cancelled at the payment gateway',
  pending: `The refund is on its way. Nothing to do: banks take ${banksTake}`,
  requires_action: 'The customer must act before the refund can arrive',
};

export function needView(need: Need): OneNeed {
  const { proposal } = need;
  return {
    kind: need.kind,
    orderId: need.orderId,
    status: need.status,
    sku: need.sku,
    productName: need.productName,
    amount: need.amountMinor,
    currency: need.currency,
    amountText: formatMoney(need),
    call: need.call,
    ...wordsOf(need),
    since: iso(need.since),
    ageMs: need.now - need.since,
    dueAt: need.dueAt === null ? null : iso(need.dueAt),
    proposal: proposal && proposalView(proposal),
  };
}

export const proposalView = (proposal: Proposal): Proposed => ({
  id: proposal.id,
  action: proposal.action,
  reference: proposal.reference,
  proposedBy: {
    kind: proposal.byRole ?? (proposal.by === 'supervisor' ? 'supervisor' : 'operator'),
    id: proposal.by,
    name: proposal.byName,
  },
  proposedAt: iso(proposal.at),
});

/** What is due together is one matter; an order that is due alone is decided like any other. */
export function deadlineView(group: DeadlineGroup, now: number): ManyNeeds | OneNeed {
  const { orderId, sku, productName, orders, amountMinor, currency, since, dueAt } = group;
  if (orders === 1) return needView({ ...group, ...alone, now, orderId });
  return {
    kind: 'deadlines',
    sku,
    productName,
    orders,
    amount: amountMinor,
    currency,
    amountText: formatMoney(group),
    text: `${orders.toLocaleString('en-US')} orders of ${productName} wait for fulfillment to be started; after the deadline they are cancelled and refunded`,
    since: iso(since),
    ageMs: now - since,
    dueAt: iso(dueAt),
    filter: {
      status: 'awaiting_release',
      sku,
      deadlineFrom: iso(group.from),
      deadlineBefore: iso(group.before),
    },
  };
}

const alone = {
  kind: 'deadline',
  status: 'awaiting_release',
  reason: 'deadline_near',
  call: null,
  cancelAsked: false,
  proposal: null,
} as const;
