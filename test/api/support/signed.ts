import { createHmac, randomUUID } from 'node:crypto';
import Stripe from 'stripe';
import { secrets } from './second-api.js';

export const stripe = new Stripe('unused');
export const seconds = (): number => Math.floor(Date.now() / 1000);

export type Partner = 'payment' | 'delivery';
type Sign = (text: string, secret?: string) => Record<string, string>;
export const sign: Record<Partner, Sign> = {
  payment: (payload, secret = secrets.payment) => ({
    'stripe-signature': stripe.webhooks.generateTestHeaderString({ payload, secret }),
  }),
  delivery: (text, secret = secrets.delivery) => ({
    'x-hmac-signature': `hmac-sha256-hex=${createHmac('sha256', secret).update(text).digest('hex')}`,
  }),
};
/** An event as the partner would send it; `overrides` on top. */
export function event(partner: Partner, overrides: object = {}): { id: string; text: string } {
  const id = `evt_${randomUUID()}`;
  const bodies = {
    payment: {
      id,
      object: 'event',
      type: 'refund.updated',
      data: { object: { id: 're_1', object: 'refund' } },
    },
    delivery: { id, object: 'Event', description: 'tracker.updated', created_at: new Date().toISOString() },
  };
  return { id, text: JSON.stringify({ ...bodies[partner], ...overrides }) };
}
