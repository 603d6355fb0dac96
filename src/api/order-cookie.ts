import type { Keys } from './session.js';

/** `__Host-` would have to travel to every path: this one belongs to one order's page. */
export const orderCookieName = ({ https }: Keys): string =>
  https ? '__Secure-preorder-order' : 'preorder-order';

/**
 * Opens one order's page until the browser is closed; the link in the mails opens it again. Lax: a link from a mail comes
 * from elsewhere, and forms are guarded by their origin.
 */
export function orderCookie(keys: Keys, orderId: string, token: string) {
  return {
    name: orderCookieName(keys),
    value: token,
    options: { path: `/order/${orderId}`, httpOnly: true, sameSite: 'lax', secure: keys.https } as const,
  };
}
