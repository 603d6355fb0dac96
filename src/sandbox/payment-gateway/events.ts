import { newId } from '../ids.js';
import type { Webhooks } from '../webhooks.js';
import { orderOf } from './books.js';
import { nowSeconds, type Dispute, type Payment, type PaymentIntent, type Refund } from './types.js';

export const apiVersion = '2026-10-28.endive';

export type EventType =
  | 'payment_intent.succeeded'
  | 'payment_intent.payment_failed'
  | 'payment_intent.canceled'
  | 'refund.created'
  | 'refund.updated'
  | 'refund.failed'
  | 'charge.dispute.created'
  | 'charge.dispute.updated'
  | 'charge.dispute.closed';

export type Announce = (type: EventType, payment: Payment, object: PaymentIntent | Refund | Dispute) => void;

export function createAnnounce(webhooks: Webhooks): Announce {
  return (type, payment, object) => {
    const id = newId('evt');
    const event = {
      id,
      object: 'event',
      api_version: apiVersion,
      created: nowSeconds(),
      data: { object },
      livemode: false,
      pending_webhooks: 1,
      request: { id: null, idempotency_key: null },
      type,
    };
    webhooks.emit({ id, sender: 'payment', about: orderOf(payment), type, body: JSON.stringify(event) });
  };
}
