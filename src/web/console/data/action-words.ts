import type { AttentionReason, ResolveAction } from '../../../domain/attention.js';
import { cancelOutlook, isRefunded, type CancelOutlook } from '../../../domain/cancel.js';
import type { OrderStatus } from '../../../domain/lifecycle.js';
import type { Command } from './commands.js';

export interface ActionWords {
  label: string;
  /** What will happen, before anybody says yes. */
  effect: string;
  /** Gives money or goods away, or ends the order. */
  grave?: boolean;
}

export const commandWords: Record<Command, ActionWords> = {
  'start-fulfillment': {
    label: 'Start fulfillment',
    effect:
      'The delivery partner is asked to take the order. From then on the deadline cancels nothing any more.',
  },
  cancel: {
    label: 'Cancel order',
    // Of many orders at once; of one order `cancelEffect` says it.
    effect:
      `Each order is undone in reverse order: the units are released, and ${isRefunded}. Where the delivery partner has ` +
      'it already, the partner is asked first and may refuse, then it ships; where it is out of the warehouse, the ' +
      'cancel is noted until the item is back or lost.',
    grave: true,
  },
  'item-picked': {
    label: 'Item picked up',
    effect: 'You confirm that the delivery partner has the item. It can then no longer be cancelled.',
  },
  'confirm-delivery': {
    label: 'Confirm delivery',
    effect: 'You confirm that the customer has the item. The order is completed, and the money is earned.',
  },
};

/** What a cancel will do to an order in this status. */
export function cancelEffect(status: OrderStatus): string {
  if (status === 'payment_pending')
    return 'The charge is stopped and the units are released. Should the charge go through all the same, it is refunded.';
  if (status === 'returning')
    return (
      'The cancel is noted; nothing is cancelled yet. When the item is back and you decide so, the order is cancelled ' +
      `and ${isRefunded}. Should it be delivered after all, the order is completed.`
    );
  return cancelEffects[cancelOutlook[status]];
}

const cancelEffects: Record<CancelOutlook, string> = {
  accepted: `The order is cancelled now: the units are released, and ${isRefunded}.`,
  pending_partner:
    `The delivery partner is asked to stop the item. If it can, the order is cancelled and ${isRefunded}; ` +
    'if not, the item ships and nothing is refunded.',
  noted:
    'The cancel is noted; nothing is cancelled yet. When the item is back or you declare it lost, the order is ' +
    `cancelled and ${isRefunded}. Should it be delivered after all, the order is completed.`,
  rejected: 'It cannot be cancelled any more; the answer says what can be done instead.',
};

export const isResolution = (name: string): name is ResolveAction => name in resolutionWords;

/** `reason`: of the call that is decided. */
export const wordsOf = (action: ResolveAction, reason: AttentionReason | null): ActionWords => ({
  ...resolutionWords[action],
  ...(action === 'cancel' && reason && cancelByCall[reason] ? { effect: cancelByCall[reason] } : {}),
});

/** Where the partner's word is known, or not waited for. */
const cancelByCall: Partial<Record<AttentionReason, string>> = {
  partner_rejected: `The delivery partner has refused to take the order: the order is cancelled, and ${isRefunded}.`,
  cancel_unanswered:
    `The order is cancelled without the delivery partner’s word, and ${isRefunded}. The item may still be sent: make ` +
    'sure that the partner stops it.',
};

const resolutionWords: Record<ResolveAction, ActionWords> = {
  rebook: { label: 'Book again', effect: 'A new booking is made with the delivery partner.' },
  cancel: {
    label: 'Cancel order',
    effect: cancelEffects.pending_partner,
    grave: true,
  },
  wait: { label: 'Wait', effect: 'Nothing is changed. You are called again if it goes on.' },
  keep_shipping: {
    label: 'Keep shipping',
    effect: 'The cancel request is given up: the item will ship, and the customer is told so.',
  },
  declare_lost: {
    label: 'Declare lost',
    effect: `The item counts as lost: the order is cancelled, and ${isRefunded}.`,
    grave: true,
  },
  reship: { label: 'Ship again', effect: 'Another item is sent to the customer.', grave: true },
  refund: { label: 'Refund', effect: `The order is cancelled, and ${isRefunded}.`, grave: true },
  retry: { label: 'Refund again', effect: 'The payment gateway is asked for the refund once more.' },
  settle_outside: {
    label: 'Settled outside',
    effect: 'You confirm that the customer got the money by another way. The proof stays with the order.',
    grave: true,
  },
  restart: {
    label: 'Start delivery again',
    effect: 'The delivery goes on from where the database says it is.',
  },
  contest: {
    label: 'Contested at the gateway',
    effect: 'You have answered the dispute at the payment gateway. The outcome will show here.',
  },
  accept_loss: {
    label: 'Accept the loss',
    effect: 'The money is given up; the order goes on as it is.',
    grave: true,
  },
  acknowledge: { label: 'Acknowledge', effect: 'The finding stays in the books, and calls nobody any more.' },
};
