/** What a person is called for, and what that person may do about it. */

export type ResolveAction =
  | 'rebook'
  | 'cancel'
  | 'wait'
  | 'keep_shipping'
  | 'declare_lost'
  | 'reship'
  | 'refund'
  | 'retry'
  | 'settle_outside'
  | 'restart'
  | 'contest'
  | 'accept_loss'
  | 'acknowledge';

export const attentionReasons = {
  partner_rejected: {
    text: 'The delivery partner rejected the booking',
    actions: ['rebook', 'cancel'],
    fallback: 'rebook',
  },
  partner_silent: {
    text: 'The delivery partner has not answered the booking',
    actions: ['wait', 'rebook', 'cancel'],
    fallback: 'wait',
  },
  pickup_overdue: {
    text: 'The item has not been picked up despite reminders',
    actions: ['wait', 'cancel'],
    fallback: 'wait',
  },
  ship_by_missed: {
    text: 'The ship-by promise passed before pickup',
    actions: ['wait', 'cancel'],
    fallback: 'wait',
  },
  cancel_unanswered: {
    text: 'The delivery partner has not answered the cancel request',
    actions: ['cancel', 'keep_shipping', 'wait'],
    fallback: 'wait',
  },
  transit_silent: {
    text: 'The shipment has shown no event for too long',
    actions: ['wait', 'declare_lost', 'reship', 'refund'],
    fallback: 'wait',
  },
  delivery_failed: {
    text: 'Delivery failed or the item was damaged',
    actions: ['wait', 'declare_lost', 'reship', 'refund'],
    fallback: 'wait',
  },
  returned: {
    text: 'The item is on its way back to the sender',
    actions: ['refund', 'reship'],
    fallback: 'refund',
  },
  delivery_failing: {
    text: 'The delivery workflow has ended without an end several times; it is started again, less and less often',
    actions: ['restart'],
    fallback: 'restart',
  },
  undo_failing: {
    text: 'An undo step keeps failing; it is retried without end',
    actions: ['wait'],
    fallback: 'wait',
  },
  refund_failed: {
    text: 'The refund failed at the payment gateway',
    actions: ['retry', 'settle_outside'],
    fallback: 'retry',
  },
  refund_requires_action: {
    text: 'The customer must act before the refund can arrive',
    actions: ['wait', 'settle_outside'],
    fallback: 'wait',
  },
  refund_owed: {
    text: 'Money of a cancelled order has not been refunded',
    actions: ['retry', 'settle_outside'],
    fallback: 'retry',
  },
  refund_pending: {
    text: 'The refund has been on its way for too long',
    actions: ['wait', 'settle_outside'],
    fallback: 'wait',
  },
  disputed: {
    text: 'The customer’s bank has taken the payment back: contest it at the gateway, or cancel the order',
    actions: ['contest'],
    fallback: 'contest',
  },
  dispute_lost: {
    text: 'The dispute is lost: the order is not paid any more',
    actions: ['accept_loss'],
    fallback: 'accept_loss',
  },
  does_not_reconcile: {
    text: 'Order, workflow, ledger, gateway and stock do not fit together; preorder reconcile says what',
    actions: ['acknowledge'],
    fallback: 'acknowledge',
  },
} as const satisfies Record<
  string,
  { text: string; actions: readonly ResolveAction[]; fallback: ResolveAction }
>;

export type AttentionReason = keyof typeof attentionReasons;

/** What has become of an order's money: of its refunds, and of what the customer's bank has taken back. */
export type MoneyState =
  | 'none'
  | 'pending'
  | 'requires_action'
  | 'succeeded'
  | 'failed'
  | 'owed'
  | 'disputed'
  | 'dispute_lost'
  | 'loss_accepted'
  | 'settled_outside'
  /** Paid another way, and still on its way at the gateway: it may arrive as well. */
  | 'settled_and_moving';

/** Which of these call a person. `pending` calls only when it lasts too long. */
export const moneyCalls = {
  pending: 'refund_pending',
  requires_action: 'refund_requires_action',
  failed: 'refund_failed',
  owed: 'refund_owed',
  disputed: 'disputed',
  dispute_lost: 'dispute_lost',
} as const satisfies Partial<Record<MoneyState, AttentionReason>>;

/** Decided by the watch over an order's money, whoever carries the order. */
export const isAboutMoney = (reason: AttentionReason): boolean =>
  (Object.values(moneyCalls) as AttentionReason[]).includes(reason);

/** Raised by the order and its delivery: neither by the watch over its money nor by the reconciler. */
export const isAboutOrder = (reason: AttentionReason): boolean =>
  !isAboutMoney(reason) && reason !== 'does_not_reconcile';

/** One call for a person. `since`, `dueAt`: epoch ms. */
export interface Attention {
  reason: AttentionReason;
  text: string;
  since: number;
  dueAt: number;
  allowedActions: ResolveAction[];
  defaultAction: ResolveAction;
}

/** What a person may decide. Whoever has asked to cancel is promised the money: nothing is shipped again. */
export function resolutionsOf(reason: AttentionReason, cancelAsked: boolean): ResolveAction[] {
  return attentionReasons[reason].actions.filter((action) => !(cancelAsked && action === 'reship'));
}

/** Decisions that give money or goods away. */
const generous: readonly string[] = [
  'cancel',
  'declare_lost',
  'reship',
  'refund',
  'settle_outside',
  'accept_loss',
];

/** Whether an order of this amount needs two persons for it; amounts in minor units. */
export function needsSecondPerson(action: ResolveAction, amountMinor: number, limitMinor: number): boolean {
  return amountMinor > limitMinor && generous.includes(action);
}

export function isResolution(reason: AttentionReason, action: string): boolean {
  return (attentionReasons[reason].actions as readonly string[]).includes(action);
}
