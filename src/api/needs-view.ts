import type { NeedsMe } from '../contract/console.js';
import type { Need } from '../db/needs.js';
import { attentionReasons, type AttentionReason } from '../domain/attention.js';
import { allowedActions } from '../domain/lifecycle.js';
import { formatMoney } from '../domain/money.js';

const iso = (ms: number): string => new Date(ms).toISOString();
type Item = NeedsMe['items'][number];
type Words = Pick<Item, 'reason' | 'text' | 'allowedActions' | 'defaultAction'>;

/** The same in words, with what may be done about it. */
function wordsOf({ kind, reason, status }: Need): Words {
  switch (kind) {
    case 'attention': {
      const { text, actions, fallback } = attentionReasons[reason as AttentionReason];
      return { reason, text, allowedActions: [...actions], defaultAction: fallback };
    }
    case 'deadline':
      return {
        reason,
        text: 'Fulfillment has not been started; after the deadline the order is cancelled and refunded',
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
        text: refundTexts[reason] ?? 'The refund has not arrived',
        allowedActions: [],
        defaultAction: null,
      };
  }
}

const refundTexts: Record<string, string> = {
  failed: 'The refund failed at the payment gateway',
  canceled: 'The refund was cancelled at the payment gateway',
  pending: 'The refund has been on its way for more than 2 days',
  requires_action: 'The customer must act before the refund can arrive',
};

export function needView(need: Need): Item {
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
    ...wordsOf(need),
    since: iso(need.since),
    ageMs: need.now - need.since,
    dueAt: need.dueAt === null ? null : iso(need.dueAt),
    proposal: proposal && {
      id: proposal.id,
      action: proposal.action,
      reference: proposal.reference,
      proposedBy: {
        kind: proposal.byRole ?? (proposal.by === 'supervisor' ? 'supervisor' : 'operator'),
        id: proposal.by,
        name: proposal.byName,
      },
      proposedAt: iso(proposal.at),
    },
  };
}
