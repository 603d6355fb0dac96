/** The life of an order as a table: the workflow obeys it, the database refuses anything else, the screens draw it. */

export const orderStatuses = [
  'payment_pending',
  'reserving',
  'awaiting_release',
  'fulfillment_requested',
  'awaiting_pickup',
  'cancellation_requested',
  'in_transit',
  'delivery_exception',
  'returning',
  'cancelling',
  'completed',
  'cancelled',
  'rejected',
] as const;
export type OrderStatus = (typeof orderStatuses)[number];

export const finalStatuses = ['completed', 'cancelled', 'rejected'] as const satisfies OrderStatus[];
export type FinalStatus = (typeof finalStatuses)[number];

export function isFinal(status: OrderStatus): status is FinalStatus {
  return (finalStatuses as readonly OrderStatus[]).includes(status);
}

export type PaymentStatus = 'processing' | 'succeeded' | 'failed' | 'unknown' | 'canceled' | 'disputed';
export type ReservationStatus = 'held' | 'reserved' | 'consumed' | 'released';
export type FulfillmentStatus =
  'submitted' | 'accepted' | 'rejected' | 'cancellation_requested' | 'cancelled' | 'closed';
export const shipmentStatuses = [
  'pre_transit',
  'in_transit',
  'out_for_delivery',
  'available_for_pickup',
  'delivered',
  'failure',
  'return_to_sender',
  'cancelled',
] as const;
export type ShipmentStatus = (typeof shipmentStatuses)[number];
/** What the customer's bank has taken back, for as long as it is `open` or when it is `lost`. */
export type DisputeStatus = 'open' | 'won' | 'lost';
export type RefundStatus =
  'pending' | 'requires_action' | 'succeeded' | 'failed' | 'canceled' | 'settled_outside';

export const cancelReasons = [
  'customer',
  'merchant',
  'deadline',
  'reservation_failed',
  'fulfillment_failed',
  'release_cancelled',
  'delay_not_accepted',
  'supply_cut',
  'undeliverable',
  'lost',
] as const;
export type CancelReason = (typeof cancelReasons)[number];

/** Somebody asked for it, so that there is an instant at which that was. */
export const isAskedFor = (reason: CancelReason): boolean => reason === 'customer' || reason === 'merchant';

export interface Transition {
  from: OrderStatus;
  to: OrderStatus;
  /** What happened, in the past tense. */
  event: string;
}

export const transitions: readonly Transition[] = [
  { from: 'payment_pending', to: 'reserving', event: 'charge succeeded' },
  { from: 'payment_pending', to: 'rejected', event: 'charge declined' },
  { from: 'payment_pending', to: 'cancelling', event: 'cancelled, or deadline passed' },
  { from: 'reserving', to: 'awaiting_release', event: 'inventory reserved' },
  { from: 'reserving', to: 'cancelling', event: 'reservation refused' },
  { from: 'awaiting_release', to: 'fulfillment_requested', event: 'fulfillment started' },
  { from: 'awaiting_release', to: 'cancelling', event: 'cancelled, or deadline passed' },
  { from: 'fulfillment_requested', to: 'awaiting_pickup', event: 'partner accepted' },
  { from: 'fulfillment_requested', to: 'in_transit', event: 'pickup scanned early' },
  { from: 'fulfillment_requested', to: 'cancellation_requested', event: 'cancel asked of the partner' },
  { from: 'fulfillment_requested', to: 'cancelling', event: 'fulfillment impossible, or cancelled' },
  { from: 'awaiting_pickup', to: 'in_transit', event: 'item picked' },
  { from: 'awaiting_pickup', to: 'fulfillment_requested', event: 'partner withdrew, booked again' },
  { from: 'awaiting_pickup', to: 'cancellation_requested', event: 'cancel asked of the partner' },
  // The partner accepted, the word of it was lost, and the order was cancelled before the booking was tried again.
  { from: 'awaiting_pickup', to: 'cancelling', event: 'cancelled before the acceptance was known' },
  { from: 'cancellation_requested', to: 'cancelling', event: 'partner cancelled' },
  { from: 'cancellation_requested', to: 'awaiting_pickup', event: 'partner refused to cancel' },
  { from: 'cancellation_requested', to: 'fulfillment_requested', event: 'partner refused to cancel' },
  { from: 'cancellation_requested', to: 'in_transit', event: 'pickup scanned' },
  { from: 'in_transit', to: 'completed', event: 'delivery confirmed' },
  { from: 'in_transit', to: 'delivery_exception', event: 'lost, damaged, silent or failed' },
  { from: 'in_transit', to: 'returning', event: 'sent back' },
  { from: 'delivery_exception', to: 'in_transit', event: 'moving again' },
  { from: 'delivery_exception', to: 'completed', event: 'delivery confirmed' },
  { from: 'delivery_exception', to: 'returning', event: 'sent back' },
  { from: 'delivery_exception', to: 'fulfillment_requested', event: 'reshipped' },
  { from: 'delivery_exception', to: 'cancelling', event: 'declared lost, or refunded' },
  { from: 'returning', to: 'fulfillment_requested', event: 'reshipped' },
  { from: 'returning', to: 'completed', event: 'delivery confirmed' },
  { from: 'returning', to: 'cancelling', event: 'back, refunded' },
  { from: 'cancelling', to: 'cancelled', event: 'every undo done' },
];

/** The order was given up, so that what was paid for it belongs to the customer. */
export const isUndone = (status: OrderStatus): boolean =>
  status === 'cancelling' || status === 'cancelled' || status === 'rejected';

/** The statuses from which `to` may follow. */
export function predecessors(to: OrderStatus): OrderStatus[] {
  return transitions.filter((t) => t.to === to).map((t) => t.from);
}

export function canFollow(from: OrderStatus, to: OrderStatus): boolean {
  return transitions.some((t) => t.from === from && t.to === to);
}

/** Where the steps of the table have led; what no step of it leads to is not counted. Undefined: no status at all. */
export function ledTo(statuses: OrderStatus[]): OrderStatus | undefined {
  return statuses.reduce((now, next) => (canFollow(now, next) ? next : now), statuses[0] as OrderStatus);
}

export const orderActions = [
  'start-fulfillment',
  'cancel',
  'item-picked',
  'confirm-delivery',
  'resolve',
] as const;
export type OrderAction = (typeof orderActions)[number];

const personActions: Record<OrderStatus, OrderAction[]> = {
  payment_pending: ['cancel'],
  reserving: ['cancel'],
  awaiting_release: ['start-fulfillment', 'cancel'],
  fulfillment_requested: ['cancel'],
  awaiting_pickup: ['item-picked', 'cancel'],
  cancellation_requested: ['item-picked', 'cancel'],
  in_transit: ['confirm-delivery'],
  delivery_exception: ['confirm-delivery', 'cancel'],
  returning: ['cancel'],
  cancelling: [],
  cancelled: [],
  completed: [],
  rejected: [],
};

/** What a person may do now; `resolve` joins while something needs attention. */
export function allowedActions(status: OrderStatus, needsAttention = false): OrderAction[] {
  const actions = personActions[status];
  return needsAttention ? [...actions, 'resolve'] : actions;
}
