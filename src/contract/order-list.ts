import { z } from 'zod';
import { orderStatuses } from '../domain/lifecycle.js';
import { currencySchema, givenInstant, orderSorts, skuSchema } from './api.js';
import { line } from './line.js';

/** What GET /api/orders is asked. */

const oneStatus = `(${orderStatuses.join('|')})`;

/** Also of bulk commands; each names a text, as in an address. */
export const listFilterSchema = z.strictObject({
  q: line(100)
    .optional()
    .describe(
      'The beginning of an order id (po_…), a whole id of the payment gateway (pi_…, ch_…, re_…) or of a request; else every word must begin a word of the name, the e-mail address or a ' +
        "tracking code, or be a part of the product's name or SKU. Capitals do not matter",
    ),
  status: z
    .string()
    .max(300)
    .regex(new RegExp(`^${oneStatus}(,${oneStatus})*$`), `with commas between: ${orderStatuses.join(', ')}`)
    .optional(),
  open: z.stringbool().optional().describe('true: not completed, cancelled or rejected'),
  sku: skuSchema.optional(),
  currency: currencySchema.optional(),
  needsAttention: z.stringbool().optional(),
  deadlineFrom: givenInstant.optional(),
  refund: z.enum(['pending', 'failed']).optional().describe('Its last refund is on its way, or came back'),
  deadlineBefore: givenInstant.optional(),
  deadlineNear: z
    .stringbool()
    .optional()
    .describe(
      'true: awaits release, and the deadline is at most 7 days off (whole days in UTC), or past: what needs-me counts',
    ),
});

export const listQuerySchema = z.strictObject({
  ...listFilterSchema.shape,
  sort: z.enum(orderSorts).default('-placed'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z
    .string()
    .regex(/^[\w-]{1,200}$/, 'the `next` of the page before')
    .optional(),
});
