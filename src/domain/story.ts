import type { RefundFact } from './order.js';
import type { Policy } from './policy.js';

/** What a customer is told of an order beside its snapshot. Instants: epoch ms. */
export interface OrderStory {
  paidAt: number | null;
  fulfillmentStartedAt: number | null;
  pickedUpAt: number | null;
  deliveredAt: number | null;
  /** The last cancel that was asked for; without an answer it is kept and will be carried out. */
  cancelWish: { byCustomer: boolean; answered: boolean } | null;
  /** The customer's bank has taken money back, and has not decided yet whether it stays so. */
  disputeIsOpen: boolean;
  /** What it has taken: by disputes that are open or lost. */
  disputedMinor: number;
  /** Oldest first. */
  refunds: RefundFact[];
  policy: Policy;
  shipTo: { street: string; city: string; zip: string; country: string };
}
