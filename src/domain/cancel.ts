import { isPast } from './deadline.js';
import type { CancelAnswer, OrderSnapshot } from './order.js';
import type { OrderStatus } from './lifecycle.js';

type Answerable = Pick<OrderSnapshot, 'status' | 'refund'>;

/**
 * The answer to a cancel that the facts alone decide: the order is past it, or it has happened already.
 * Undefined: a workflow has to be asked.
 */
export function settledCancelAnswer(order: Answerable): CancelAnswer | undefined {
  switch (order.status) {
    case 'in_transit':
      return rejectedInTransit;
    case 'completed':
      return {
        answer: 'rejected',
        message: 'The order was delivered. To give the item back, ask for a return.',
      };
    case 'rejected':
      return {
        answer: 'rejected',
        message: order.refund
          ? `The payment was declined, and landed after all: nothing was ordered. ${refundSentence(order.refund)}`
          : 'The payment was declined: nothing was ordered and nothing charged.',
      };
    case 'cancelling':
    case 'cancelled':
      return { answer: 'accepted', message: `${undoing[order.status]} ${refundSentence(order.refund)}` };
    case 'payment_pending':
    case 'reserving':
    case 'awaiting_release':
    case 'fulfillment_requested':
    case 'awaiting_pickup':
    case 'cancellation_requested':
    case 'delivery_exception':
    case 'returning':
      return undefined;
  }
}

const undoing = { cancelling: 'The order is being cancelled.', cancelled: 'The order is cancelled.' };

/** `noted`: accepted, and carried out later. */
export type CancelOutlook = CancelAnswer['answer'] | 'noted';

/** What a cancel would be answered now (DOMAIN section 4): shown before anybody asks. */
export const cancelOutlook: Record<OrderStatus, CancelOutlook> = {
  payment_pending: 'accepted',
  reserving: 'accepted',
  awaiting_release: 'accepted',
  fulfillment_requested: 'pending_partner',
  awaiting_pickup: 'pending_partner',
  cancellation_requested: 'pending_partner',
  in_transit: 'rejected',
  delivery_exception: 'noted',
  returning: 'noted',
  cancelling: 'accepted',
  cancelled: 'accepted',
  completed: 'rejected',
  rejected: 'rejected',
};

/** How long an item may be sent back after its delivery. */
export const RETURN_DAYS = 14;

export const rejectedInTransit: CancelAnswer = {
  answer: 'rejected',
  message: `The item is on its way and cannot be stopped. Refuse it at the door, or send it back within ${RETURN_DAYS} days of delivery: it is refunded once it is back.`,
};

/** What goes back, where nobody has looked whether the order is disputed. */
export const isRefunded = 'what was charged is refunded, less what the customer’s bank has taken back';

export const acceptedCancel: CancelAnswer = {
  answer: 'accepted',
  message: `The order is being cancelled: what was reserved is released, and ${isRefunded}.`,
};

export const pendingPartnerCancel: CancelAnswer = {
  answer: 'pending_partner',
  message: `The delivery partner is asked to stop the item. If it can, the order is cancelled and ${isRefunded}; if not, the item ships. You will be told.`,
};

/** The item is out of the warehouse, and nobody could stop it: what was asked for holds for when that is decided. */
export const notedCancel: Record<'delivery_exception' | 'returning', CancelAnswer> = {
  delivery_exception: {
    answer: 'accepted',
    message: `The cancel is noted; nothing is cancelled yet. When the item is back or a person declares it lost, the order is cancelled and ${isRefunded}. Should it be delivered after all, it can be sent back within ${RETURN_DAYS} days.`,
  },
  returning: {
    answer: 'accepted',
    message: `The cancel is noted; nothing is cancelled yet. When the item is back, the order is cancelled and ${isRefunded}. Should it be delivered after all, it can be sent back within ${RETURN_DAYS} days.`,
  },
};

export const waitsForItem = (status: OrderStatus): status is keyof typeof notedCancel =>
  status in notedCancel;

/** Why an item is not shipped again: whoever has asked to cancel gets the money. Undefined: it may be. */
export const reshipRefused =
  'A cancel was asked for, and the money promised: refund instead of shipping again.';

export const reshipRefusal = (order: Pick<OrderSnapshot, 'cancelStands'>): string | undefined =>
  order.cancelStands ? reshipRefused : undefined;

export function refundSentence(refund: OrderSnapshot['refund']): string {
  if (!refund) return 'Nothing had been charged, or the refund is being requested.';
  switch (refund.status) {
    case 'succeeded':
      return 'The refund has been paid out.';
    case 'settled_outside':
      return 'The refund was settled outside the payment gateway.';
    case 'pending':
      return 'The refund is on its way.';
    case 'requires_action':
      return 'The refund waits for the customer to act.';
    case 'failed':
    case 'canceled':
      return 'The refund failed at the gateway; a person is looking at it.';
  }
}

/** Why fulfillment cannot be started, or undefined when it can. */
export function startRefusal(status: OrderStatus, deadlineAt: number, now: number): string | undefined {
  if (status !== 'awaiting_release') {
    return `Fulfillment can only be started while the order is awaiting release; it is ${status}.`;
  }
  if (isPast(deadlineAt, now)) {
    return `The deadline ${new Date(deadlineAt).toISOString()} has passed; the order is being cancelled and refunded.`;
  }
  return undefined;
}
