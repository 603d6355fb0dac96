import type { Keys } from './session.js';

/** `__Host-` would have to travel to every path: this one belongs to one order's page. */
export const orderCookieName = ({ https }: Keys): string =>
  https ? '__Secure-preorder-order' : 'preorder-order';

/** The last order of one product, by its token: for the page that asks whether it is wanted once more. */
export const placedCookieName = (keys: Keys): string => `${orderCookieName(keys)}-placed`;

export function placedCookie(keys: Keys, sku: string, token: string) {
  return {
    name: placedCookieName(keys),
    value: token,
    options: { path: `/shop/${sku}`, httpOnly: true, sameSite: 'lax', secure: keys.https } as const,
  };
}

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
