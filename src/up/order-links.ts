import { orderToken } from '../api/auth.js';
import { sha256, type Keys } from '../api/session.js';
import type { Addressee } from '../db/outbox.js';
import type { OrderLink } from '../worker/notices.js';

/**
 * The link of an order's mails. The token is derived again, never kept; where the secret has changed since the order was
 * placed it would open nothing, and then no mail carries it.
 */
export function createOrderLinks(keys: Keys, url: () => string) {
  return ({ orderId, tokenHash, tokenNumber }: Addressee): OrderLink | undefined => {
    const code = orderToken(keys, orderId, tokenNumber);
    if (sha256(code) !== tokenHash) return undefined;
    return { page: `${url().replace(/\/$/, '')}/order/${orderId}`, code };
  };
}

/** `Pre-orders <orders@shop.example>` → `orders@shop.example`. */
export const addressOf = (sender: string): string => /<([^>]+)>/.exec(sender)?.[1] ?? sender;
