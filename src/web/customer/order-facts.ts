import { cancelOutlook, waitsForItem } from '../../domain/cancel.js';
import { goesBack, goesBackTold, type Stake } from '../../domain/goes-back.js';
import { isFinal, isUndone } from '../../domain/lifecycle.js';
import type { Money } from '../../domain/money.js';
import type { OrderSnapshot } from '../../domain/order.js';
import type { OrderStory } from '../../domain/story.js';

/** All that an order's page shows; from the database, never from a wish. */
export interface OrderFacts {
  order: OrderSnapshot;
  story: OrderStory;
  contact: string;
}

export const what = ({ quantity, productName }: OrderSnapshot): string =>
  quantity === 1 ? productName : `${quantity} × ${productName}`;

export const total = ({ amountMinor, currency }: OrderSnapshot) => ({ amountMinor, currency });

/** Whether money was taken for this order at all, as far as is known. */
export const wasCharged = ({ order, story }: OrderFacts): boolean =>
  story.paidAt !== null || order.payment.status === 'succeeded' || order.payment.status === 'disputed';

/** The customer's bank has taken the payment back, or a part of it: the same money is not refunded as well. */
export const isDisputed = ({ story }: OrderFacts): boolean => story.disputedMinor > 0;

const stake = ({ order, story }: OrderFacts): Stake => ({
  ...total(order),
  disputedMinor: story.disputedMinor,
});
export const moneyDue = (facts: OrderFacts): Money => goesBack(stake(facts));
/** As a part of a sentence. */
export const moneyBack = (facts: OrderFacts): string => goesBackTold(stake(facts));

/** Of the customer's own: the shop's cancel is not put into the customer's mouth. */
export const customerCancels = ({ order, story }: OrderFacts): boolean =>
  order.cancelReason === null ? story.cancelWish?.byCustomer === true : order.cancelReason === 'customer';

export const askedToCancel = (facts: OrderFacts): string =>
  customerCancels(facts) ? 'You asked to cancel' : 'We asked to cancel';

/** A cancel that is written down and has no answer yet: part of the system does not answer. */
export const cancelIsKept = ({ order, story }: OrderFacts): boolean =>
  story.cancelWish?.byCustomer === true &&
  !story.cancelWish.answered &&
  !isFinal(order.status) &&
  order.status !== 'cancelling';

/** Asked already, and remembered until the partner, a person or the parcel decides it. */
export const cancelIsNoted = ({ status, cancelStands }: OrderSnapshot): boolean =>
  status === 'cancellation_requested' || (waitsForItem(status) && cancelStands);

/** Another cancel would be news: one that was asked for before is over. */
export const mayAskToCancel = (facts: OrderFacts): boolean =>
  cancelOutlook[facts.order.status] !== 'rejected' &&
  !isUndone(facts.order.status) &&
  !facts.order.cancelStands &&
  !cancelIsKept(facts);

/** Whether the page may change by itself: it then looks again. */
export function mayChange({ order, story }: OrderFacts): boolean {
  if (order.status === 'completed' || order.status === 'rejected') return order.payment.status === 'disputed';
  return order.status !== 'cancelled' || story.refunds.some(({ status }) => status === 'pending');
}
