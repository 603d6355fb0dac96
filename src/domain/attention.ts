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
  | 'settle_outside';

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
} as const satisfies Record<
  string,
  { text: string; actions: readonly ResolveAction[]; fallback: ResolveAction }
>;

export type AttentionReason = keyof typeof attentionReasons;

/** One call for a person. `since`, `dueAt`: epoch ms. */
export interface Attention {
  reason: AttentionReason;
  text: string;
  since: number;
  dueAt: number;
  allowedActions: ResolveAction[];
  defaultAction: ResolveAction;
}

/** Decisions that give money or goods away. */
const generous: readonly string[] = ['cancel', 'declare_lost', 'reship', 'refund', 'settle_outside'];

/** Whether an order of this amount needs two persons for it; amounts in minor units. */
export function needsSecondPerson(action: ResolveAction, amountMinor: number, limitMinor: number): boolean {
  return amountMinor > limitMinor && generous.includes(action);
}

export function isResolution(reason: AttentionReason, action: string): boolean {
  return (attentionReasons[reason].actions as readonly string[]).includes(action);
}
