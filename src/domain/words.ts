import type { CancelReason, OrderStatus, RefundStatus } from './lifecycle.js';

/** What the words mean, for people: command line and console say the same. */

export const statusWords: Record<OrderStatus, string> = {
  payment_pending: 'The payment is being made; it is not known yet whether it went through.',
  reserving: 'Paid. The units are being reserved.',
  awaiting_release: 'Paid and reserved. Waits for the release date and for fulfillment to be started.',
  fulfillment_requested: 'The delivery partner has been asked to take the order and has not answered yet.',
  awaiting_pickup: 'The delivery partner has accepted. Waits until the item is picked up.',
  cancellation_requested:
    'A cancel was asked for. The delivery partner is asked whether it can stop the item.',
  in_transit: 'Picked up, and on its way to the customer.',
  delivery_exception: 'Something went wrong on the way: a person decides what happens next.',
  returning: 'On its way back to the sender.',
  cancelling: 'Being undone, in reverse order, until every step has succeeded.',
  completed: 'Delivered. Nothing is left to do.',
  cancelled: 'Cancelled. The refund line says where the money is.',
  rejected: 'The payment was declined. Nothing was ordered and nothing charged.',
};

export const cancelReasonWords: Record<CancelReason, string> = {
  customer: 'the customer asked for it',
  merchant: 'the shop asked for it',
  deadline: 'fulfillment was not started by the deadline',
  reservation_failed: 'the units could not be reserved',
  fulfillment_failed: 'the delivery partner could not take the order',
  release_cancelled: 'the release was cancelled',
  delay_not_accepted: 'the customer did not accept the delay',
  supply_cut: 'fewer units came than were sold',
  undeliverable: 'the item could not be delivered',
  lost: 'the item was lost',
};

/** The same to the customer, as whole sentences. */
export const cancelReasonTold: Record<CancelReason, string> = {
  customer: 'You cancelled it.',
  merchant: 'We had to cancel it. We are sorry.',
  deadline: 'It could not ship by the day we promised, so we cancelled it for you. We are sorry.',
  reservation_failed: 'There was no unit left for you after all. We are sorry.',
  fulfillment_failed: 'Our delivery partner cannot deliver to your address. We are sorry.',
  release_cancelled: 'The release was called off. We are sorry.',
  delay_not_accepted: 'The new date was not accepted, so we cancelled it for you.',
  supply_cut: 'We get fewer units than we were promised. We are sorry.',
  undeliverable: 'It could not be delivered. We are sorry.',
  lost: 'It was lost on the way. We are sorry.',
};

/** Why a payment was declined, to the customer, by the gateway's code; what is not here is between them and their bank. */
export const declineTold = (code: unknown): string =>
  declines[String(code)] ?? 'Your bank declined the payment.';

const declines: Record<string, string> = {
  insufficient_funds: 'Your bank declined the payment: there is too little on the card.',
  expired_card: 'Your bank declined the payment: the card has expired.',
  incorrect_cvc: 'Your bank declined the payment: the security code is not right.',
  authentication_required: 'Your bank wants you to confirm the payment, which is not possible here.',
};

export const refundWords: Record<RefundStatus, string> = {
  pending: 'requested, not paid out yet',
  requires_action: 'waits for the customer to act',
  succeeded: 'paid out',
  failed: 'failed at the payment gateway',
  canceled: 'cancelled at the payment gateway',
  settled_outside: 'settled outside the payment gateway',
};

/** Whether the deadline can still do anything to an order in this status. */
export function deadlineStands(status: OrderStatus): boolean {
  return beforePickup.includes(status);
}

const beforePickup: OrderStatus[] = [
  'payment_pending',
  'reserving',
  'awaiting_release',
  'fulfillment_requested',
  'awaiting_pickup',
  'cancellation_requested',
];

/** What the deadline means for an order in this status. */
export function deadlineWords(status: OrderStatus): string {
  switch (status) {
    case 'payment_pending':
    case 'reserving':
    case 'awaiting_release':
      return 'If fulfillment has not been started by then, the order is cancelled and refunded.';
    case 'fulfillment_requested':
    case 'awaiting_pickup':
    case 'cancellation_requested':
      return 'Fulfillment has been started: the deadline cancels nothing any more. If it passes before the pickup, a person is called.';
    case 'in_transit':
    case 'delivery_exception':
    case 'returning':
      return 'The item has left the warehouse: the deadline has no effect any more.';
    case 'cancelling':
    case 'completed':
    case 'cancelled':
    case 'rejected':
      return `The order is ${status}: the deadline has no effect any more.`;
  }
}
