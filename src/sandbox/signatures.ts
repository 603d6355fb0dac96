import { createHmac } from 'node:crypto';
import type { Sender } from './webhooks.js';

export type Signers = Record<Sender, (body: string) => Record<string, string>>;

const hmac = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest('hex');

/** Each partner's own way to sign a webhook; Stripe signs anew, with the time, at every try. */
export function createSigners(secrets: Record<Sender, string>): Signers {
  return {
    payment: (body) => {
      const t = Math.floor(Date.now() / 1000);
      return { 'Stripe-Signature': `t=${t},v1=${hmac(secrets.payment, `${t}.${body}`)}` };
    },
    delivery: (body) => ({ 'X-Hmac-Signature': `hmac-sha256-hex=${hmac(secrets.delivery, body)}` }),
  };
}
