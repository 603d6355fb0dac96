/** Ids have their builder and their parser here, and nowhere else. */

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

function encode(value: number, length: number): string {
  let text = '';
  let rest = value;
  for (let i = 0; i < length; i++) {
    text = alphabet.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

/** `po_` + 9 characters of time + 9 of chance: sortable by age, 45 random bits. `entropy`: 9 bytes. */
export function orderId(nowMs: number, entropy: Uint8Array): string {
  return `po_${encode(nowMs, 9)}${chance(entropy.subarray(0, 9))}`;
}

const chance = (entropy: Uint8Array): string =>
  [...entropy].map((byte) => alphabet.charAt(byte % 32)).join('');

/** Like an order's, of a decision that waits for a second person. */
export const proposalId = (nowMs: number, entropy: Uint8Array): string =>
  orderId(nowMs, entropy).replace('po_', 'pr_');

const orderIdPattern = /^po_[0-9a-hjkmnp-tv-z]{18}$/;

export function isOrderId(text: string): boolean {
  return orderIdPattern.test(text);
}

/** A prefix of an order id that is long enough to look up, with or without `po_`. */
export function orderIdPrefix(text: string): string | undefined {
  const full = text.startsWith('po_') ? text : `po_${text}`;
  return /^po_[0-9a-hjkmnp-tv-z]{4,18}$/.test(full) ? full : undefined;
}

/** A machine key says its own id, so that it can be looked up: `pmk_` + the id without its `k_` + `_` + the secret. */
export function machineKey(entropy: Uint8Array, secret: string): { id: string; key: string } {
  const name = chance(entropy.subarray(0, 10));
  return { id: `k_${name}`, key: `pmk_${name}_${secret}` };
}

export function machineKeyIdOf(key: string): string | undefined {
  const name = /^pmk_([0-9a-hjkmnp-tv-z]{10})_[\w-]{32,}$/.exec(key)?.[1];
  return name && `k_${name}`;
}

export const orderWorkflowId = (order: string): string => `order-${order}`;
export const deliveryWorkflowId = (order: string): string => `delivery-${order}`;
export const refundWorkflowId = (order: string): string => `refund-${order}`;

export function parseWorkflowId(text: string): { type: string; orderId: string } | undefined {
  const match = /^(order|delivery|refund)-(po_[0-9a-z]{18})$/.exec(text);
  return match?.[1] && match[2] ? { type: match[1], orderId: match[2] } : undefined;
}

/** Idempotency keys at the payment gateway: functions of the order, the operation and a counter, never random. */
export const intentKey = (order: string, attempt: number): string => `${order}:charge:${attempt}`;
/**
 * `refund`: our row's id; `askedAt` (epoch ms): that row's own time, so that a row dropped and made again is another
 * wish; `n`: how many keys it has had, one more each time that the gateway has answered.
 */
export const refundKey = (refund: string, askedAt: number, n: number): string => `${refund}:${askedAt}:${n}`;

/** The reference the delivery partner knows a fulfillment order by; `attempt` grows with each rebooking. */
export const fulfillmentReference = (order: string, attempt: number): string =>
  `${order}:fulfillment:${attempt}`;

export function parseFulfillmentReference(text: string): { orderId: string; attempt: number } | undefined {
  const match = /^(po_[0-9a-z]{18}):fulfillment:(\d{1,4})$/.exec(text);
  return match?.[1] ? { orderId: match[1], attempt: Number(match[2]) } : undefined;
}
