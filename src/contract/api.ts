import { z } from 'zod';
import { attentionReasons, type AttentionReason } from '../domain/attention.js';
import { DAY, parseDuration } from '../domain/deadline.js';
import { cancelReasons, orderActions, orderStatuses, shipmentStatuses } from '../domain/lifecycle.js';
import { instant } from './instant.js';
import { line } from './line.js';
import { proposalSchema } from './proposal.js';
import { findingSchema } from './reconciliation.js';

/** The HTTP API's shapes. Amounts are integers in the currency's minor unit; instants are ISO 8601 in UTC. */

export { instant };
const YEAR = 365 * DAY;
/** An instant people give: with every policy added it stays in the years that clocks and databases agree on. */
export const givenInstant = instant.refine((text) => {
  const at = Date.parse(text);
  return at >= Date.UTC(2000) && at < Date.UTC(2200);
}, 'a date from 2000 to 2199');

/** Many lines; without what no database can store: NUL, half a surrogate. */
const text = (max: number) =>
  z
    .string()
    .max(max)
    .refine((given) => !/\0|\p{Cs}/u.test(given), 'must be plain text');

export const skuSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'letters, digits, dot, dash, at most 64');

export const currencySchema = z.string().regex(/^[A-Z]{3}$/, 'an ISO 4217 code of three capitals, e.g. USD');

export const emailSchema = z.email().max(200);

export const addressSchema = z.strictObject({
  street: line(200),
  city: line(100),
  zip: line(20),
  country: z.string().regex(/^[A-Z]{2}$/, 'an ISO 3166 country code of two capitals, e.g. US'),
});

/** Works once. */
export const signInLinkSchema = z.object({ url: z.url(), expiresAt: instant });
export type SignInLink = z.output<typeof signInLinkSchema>;

export const placeOrderSchema = z.strictObject({
  sku: skuSchema,
  quantity: z.int().min(1).max(1000).default(1),
  customer: z.strictObject({ name: line(200), email: emailSchema, address: addressSchema }),
  paymentMethod: z
    .string()
    .regex(/^[A-Za-z0-9_]{3,100}$/, 'a payment method of the payment gateway, e.g. pm_card_visa')
    .describe('A payment method token of the payment gateway'),
});
export type PlaceOrderBody = z.input<typeof placeOrderSchema>;

export const reasonSchema = z.enum(Object.keys(attentionReasons) as [AttentionReason, ...AttentionReason[]]);

const callSchema = z.object({
  reason: reasonSchema,
  text: z.string(),
  since: instant,
  dueAt: instant,
  allowedActions: z.array(z.string()).describe('For POST …/resolve'),
  defaultAction: z.string(),
});

export const orderViewSchema = z.object({
  orderId: z.string(),
  workflowId: z.string(),
  sku: z.string(),
  productName: z.string(),
  quantity: z.int(),
  amount: z.int().describe('In minor units of the currency'),
  currency: z.string(),
  amountText: z.string().describe('The amount for people, e.g. $499.00'),
  status: z.enum(orderStatuses),
  payment: z.object({
    status: z.string(),
    gatewayId: z.string().nullable(),
    failureCode: z.string().nullable(),
  }),
  reservation: z.object({ status: z.string(), quantity: z.int() }),
  fulfillment: z
    .object({ status: z.string(), attempt: z.int(), partnerId: z.string().nullable() })
    .nullable(),
  shipment: z
    .object({
      status: z.enum(shipmentStatuses),
      trackingCode: z.string().nullable(),
      lastEventAt: instant.nullable(),
      reminders: z.int(),
    })
    .nullable(),
  refund: z
    .object({
      id: z.string(),
      gatewayId: z.string().nullable(),
      amount: z.int(),
      currency: z.string(),
      status: z.string(),
      requestedAt: instant,
      settledAt: instant.nullable(),
    })
    .nullable(),
  cancelReason: z.enum(cancelReasons).nullable(),
  cancelRequestedAt: instant.nullable(),
  placedAt: instant,
  updatedAt: instant,
  releaseDate: instant,
  deadline: instant,
  now: instant.describe("The order's own clock: the wall clock, plus what was fast-forwarded in development"),
  timeLeftMs: z.int().describe('Until the deadline; negative when it has passed'),
  needsAttention: callSchema.nullable().describe('The first of `calls`'),
  calls: z
    .array(callSchema)
    .optional()
    .describe(
      'For operators only. Every open call for a person: one about its parcel and one about its money may be open at once',
    ),
  allowedActions: z.array(z.enum(orderActions)),
});
export type OrderView = z.infer<typeof orderViewSchema>;

export const placedOrderSchema = orderViewSchema.extend({
  token: z
    .string()
    .describe("The customer's key to this order; shown to whoever placed it, stored only as a hash"),
});
export type PlacedOrder = z.infer<typeof placedOrderSchema>;

/** As it was given when the order was placed, whatever is taken by now. */
const shownAddressSchema = z.object({
  street: z.string(),
  city: z.string(),
  zip: z.string(),
  country: z.string(),
});

/** For operators: who it is for. */
export const operatorOrderSchema = orderViewSchema.extend({
  customer: z
    .object({ name: z.string(), email: z.string(), address: shownAddressSchema.optional() })
    .optional()
    .describe('For operators only; always in lists, there without the address'),
  proposals: z
    .array(proposalSchema.extend({ reason: reasonSchema.describe('The open call that it answers') }))
    .optional()
    .describe('For operators only, not in lists: what waits for a second person'),
});
export type OperatorOrder = z.infer<typeof operatorOrderSchema>;

export const orderListSchema = z.object({
  orders: z.array(operatorOrderSchema),
  next: z.string().nullable().describe('Pass as `after` for the next page, with the same filter and sort'),
});
export type OrderList = z.infer<typeof orderListSchema>;

export const orderSorts = ['-placed', 'placed', 'deadline', '-deadline', 'updated', '-updated'] as const;
export type OrderSort = (typeof orderSorts)[number];
export const commandAnswerSchema = z.object({
  orderId: z.string(),
  answer: z.enum(['accepted', 'pending_partner', 'pending_approval', 'rejected', 'not_confirmed']),
  message: z.string(),
  proposalId: z.string().optional().describe('With pending_approval: what a second person approves'),
  order: orderViewSchema,
});
export type CommandAnswer = z.infer<typeof commandAnswerSchema>;

export const compensationLogSchema = z.object({
  orderId: z.string(),
  entries: z.array(
    z.object({
      seq: z.int(),
      step: z.string(),
      undoes: z.string(),
      outcome: z.string(),
      detail: z.string(),
      attempts: z.int(),
      startedAt: instant,
      finishedAt: instant.nullable(),
      lastError: z.string().nullable(),
    }),
  ),
});
export type CompensationLog = z.infer<typeof compensationLogSchema>;

export const duration = z
  .string()
  .refine(
    (text) => (parseDuration(text) ?? Infinity) <= 10 * YEAR,
    'a duration such as 30d, 36h, 15m, at most 10 years',
  )
  .describe('A duration such as 30d, 36h, 15m');

export const fastForwardSchema = z.union([
  z.strictObject({ to: z.enum(['release', 'deadline']) }),
  z.strictObject({ by: duration }),
]);

export const resolveSchema = z.strictObject({
  action: line(40),
  reason: reasonSchema
    .optional()
    .describe('Which open call is meant; without it, the first one that the action answers'),
  reference: line(200).optional().describe('Proof of payment, for settle_outside'),
});

/** Overrides of the policy for one product; durations as text. */
export const policySchema = z
  .strictObject({
    grace: duration,
    pickupReminder: duration,
    reminderCap: duration,
    partnerSilence: duration,
    transitSilence: duration,
    undoAlarm: duration,
    startFulfillment: z.enum(['manual', 'at_release']),
    remindersBeforeAttention: z.int().min(1).max(100),
    maxQuantity: z.int().min(1).max(1000),
  })
  .partial();
export type PolicyText = z.infer<typeof policySchema>;

export const newProductSchema = z.strictObject({
  sku: skuSchema,
  name: line(200),
  description: text(2000).default(''),
  price: z.int().min(1).max(100_000_000_000).describe('In minor units of the currency'),
  currency: currencySchema,
  capacity: z.int().min(0).max(1_000_000),
  releaseDate: givenInstant,
  policy: policySchema.default({}),
});

export const changeProductSchema = z.strictObject({
  capacity: z.int().min(0).max(1_000_000).optional(),
  open: z.boolean().optional(),
});

export const productViewSchema = z.object({
  sku: z.string(),
  name: z.string(),
  description: z.string(),
  price: z.int(),
  currency: z.string(),
  priceText: z.string(),
  capacity: z.int(),
  left: z.int(),
  releaseDate: instant,
  shipsBy: instant.describe('The promise: released on the release date, ships by then'),
  open: z.boolean(),
});
export type ProductView = z.infer<typeof productViewSchema>;
export const productListSchema = z.object({ products: z.array(productViewSchema) });
export type ProductList = z.infer<typeof productListSchema>;

export const attentionListSchema = z.object({
  items: z.array(
    z.object({
      orderId: z.string(),
      status: z.enum(orderStatuses),
      reason: z.string(),
      text: z.string(),
      since: instant,
      dueAt: instant,
      allowedActions: z.array(z.string()),
      defaultAction: z.string(),
      proposal: z
        .object({
          id: z.string(),
          action: z.string(),
          reference: z.string().nullable(),
          proposedBy: z.string().describe('The id of the key'),
          proposedAt: instant,
        })
        .nullable()
        .describe('Waits for a second person'),
    }),
  ),
  findings: z.array(findingSchema).describe('What does not fit together, and is of no order of ours'),
});
export type AttentionList = z.infer<typeof attentionListSchema>;

/** RFC 9457. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  requestId: z.string(),
  orderId: z.string().optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof problemSchema>;
