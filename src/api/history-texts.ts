import type { OrderStatus } from '../domain/lifecycle.js';

/** What a history says of each fact, in words for people. */

export const statusTexts: Record<OrderStatus, string> = {
  payment_pending: 'The payment is being made',
  reserving: 'Paid; the units are being reserved',
  awaiting_release: 'The units are reserved; the order awaits the release',
  fulfillment_requested: 'Fulfillment was started',
  awaiting_pickup: 'The delivery partner accepted; the item awaits its pickup',
  cancellation_requested: 'The delivery partner was asked to stop the item',
  in_transit: 'The item was picked up and is on its way',
  delivery_exception: 'Something is wrong with the delivery',
  returning: 'The item is on its way back',
  cancelling: 'The order is being cancelled, step by step in reverse order',
  completed: 'Delivered: the order is completed',
  cancelled: 'Cancelled: every undo is done',
  rejected: 'The payment was declined; nothing was charged',
};

export const partnerTexts: Record<string, string> = {
  'shipment.accepted': 'The partner accepted the booking',
  'shipment.rejected': 'The partner rejected the booking',
  'shipment.cancelled': 'The partner stopped the item',
  'shipment.cancel_rejected': 'The partner could not stop the item',
};

export const noticeTexts: Record<string, string> = {
  order_confirmed: 'the order is confirmed',
  payment_declined: 'the payment was declined',
  order_cancelled: 'the order is cancelled',
  cancel_pending: 'the delivery partner was asked to stop the item',
  cancel_refused: 'the item will ship',
  in_transit: 'the item is on its way',
  delivered: 'the item was delivered',
  delivery_exception: 'there is a problem with the delivery',
  refund_paid: 'the refund was paid',
  refund_failed: 'the refund did not arrive',
  refund_settled: 'the refund was paid another way',
  link_again: 'the link to the order, once more',
};
