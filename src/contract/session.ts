import { z } from 'zod';
import { instant } from './api.js';

/** GET /api/session: 401 for whoever is not signed in. A cookie of this API, or the key itself in `Authorization`. */
export const sessionSchema = z.object({
  caller: z.enum(['operator', 'supervisor']),
  keyId: z.string(),
  keyName: z.string().nullable().describe('Whose key it is; null for the first keys'),
  by: z.enum(['cookie', 'key']),
  expiresAt: instant.nullable(),
  /** Moving time, mail and faults of the sandbox. */
  development: z.boolean(),
  timeSkipping: z.boolean(),
  temporalUiUrl: z.string().nullable(),
  temporalNamespace: z.string(),
  approvalLimit: z.int().describe('Orders above it need two persons; minor units of their currency'),
  now: instant.describe("The server's clock"),
});
export type Session = z.infer<typeof sessionSchema>;

/** POST /api/session: 200 and a cookie, or 401 `unknown_key`, `key_ended`; 429 after too many wrong ones. */
export const signInSchema = z.strictObject({
  key: z.string().min(10).max(200).describe('The key of an operator or a supervisor'),
});

/** POST /api/sign-in-links: where the link leads once it has signed the browser in. */
export const signInWishSchema = z.strictObject({ to: z.enum(['console', 'temporal']).default('temporal') });

/**
 * GET /api/events, text/event-stream:
 *   event: order      data: {orderId, status, version}   anything about an order has changed
 *   event: attention  data: {orderId}                    a call was raised or resolved
 *   event: record     data: {orderId}                    a mail, a command or an audit entry of an order
 *   event: product    data: {sku}                        capacity, open, or a new product (stock follows the orders)
 *   event: reconciliation  data: {}                      a run has begun or ended, or a finding was acknowledged
 *   event: reset      data: {}                           something may have been missed: fetch again
 *   event: ping       data: {}                           every 15 s, without an id: the connection is not dead
 * `id` goes back as Last-Event-ID; what was missed meanwhile is sent, or a reset is.
 */
export const orderEventSchema = z.object({
  orderId: z.string(),
  status: z.string(),
  version: z.int(),
});
export const attentionEventSchema = z.object({ orderId: z.string() });
export const productEventSchema = z.object({ sku: z.string() });
export const eventNames = ['order', 'attention', 'record', 'product', 'reconciliation', 'reset'] as const;
