import { z } from 'zod';
import { orderActions, orderStatuses } from '../domain/lifecycle.js';
import { commandAnswerSchema, emailSchema, instant, reasonSchema, type OrderList } from './api.js';
import { listFilterSchema } from './order-list.js';
import { personSchema, proposalSchema, type Person } from './proposal.js';

/**
 * What the operator's console asks, beside what everybody may ask (api.ts). Amounts are integers in the currency's minor
 * unit, `…Text` is the same for people; instants are ISO 8601 in UTC, by the order's own clock (`now` of an order);
 * spans are milliseconds. Errors are problem+json with a `code`.
 */

export { personSchema, type Person };

/** GET /api/orders */
export type ConsoleOrderList = OrderList;

/** GET /api/orders/:id/history: oldest first. Facts of rows only: what nobody wrote down is not here. */
export const historyKinds = [
  'placed',
  /** A new status of the order: `status` says which. */
  'status',
  'charged',
  /** A person's wish, kept before it is carried out: `command` and, once there is one, `answer`. */
  'command',
  /** What one person proposed, and what a second one decided. */
  'proposal',
  'fulfillment_order',
  /** The delivery partner's word: accepted, rejected, a scan. */
  'partner_event',
  'undo',
  'refund',
  'dispute',
  /** The money is earned: delivered. */
  'earned',
  'attention_raised',
  'attention_resolved',
  /** A mail to the customer was queued, or handed over. */
  'notice_queued',
  'notice_sent',
  /** Development: somebody moved the order's clock. */
  'time_moved',
] as const;
export const historySchema = z.object({
  orderId: z.string(),
  facts: z.array(
    z.object({
      kind: z.enum(historyKinds),
      at: instant,
      text: z.string().describe('One sentence for people, without the instant and the amount'),
      by: personSchema.optional(),
      gatewayId: z.string().optional().describe("The payment gateway's id, or the partner's of a shipment"),
      amount: z.int().optional(),
      currency: z.string().optional(),
      amountText: z.string().optional(),
      status: z.string().optional().describe('Of the order, payment, refund, shipment … as the kind says'),
      command: z.enum(orderActions).optional(),
      answer: z.string().optional(),
    }),
  ),
});
export type History = z.infer<typeof historySchema>;

/** GET /api/orders/:id/notices: mails to the customer, oldest first. */
export const noticesSchema = z.object({
  orderId: z.string(),
  notices: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      recipient: z
        .string()
        .nullable()
        .describe('Null: it was sent before the address was corrected, to the one before'),
      queuedAt: instant,
      sentAt: instant.nullable(),
      attempts: z.int(),
      lastError: z.string().nullable(),
    }),
  ),
});
export type Notices = z.infer<typeof noticesSchema>;

/** POST /api/orders/:id/send-link. `queued`: false when it was sent a moment ago. */
export const linkSentSchema = z.object({ orderId: z.string(), recipient: z.string(), queued: z.boolean() });
export type LinkSent = z.infer<typeof linkSentSchema>;

/** POST /api/orders/:id/correct-email. `changed`: false when it was that address already, and nothing was sent. */
export const correctEmailSchema = z.strictObject({
  email: emailSchema.describe('Where mails about the order go from now on, the link to it first'),
  replaces: emailSchema
    .optional()
    .describe('The address that was seen to be wrong; 409 when somebody has corrected it meanwhile'),
});
export const emailCorrectedSchema = z.object({
  orderId: z.string(),
  recipient: z.string(),
  changed: z.boolean(),
});
export type EmailCorrected = z.infer<typeof emailCorrectedSchema>;

/** GET /api/products/figures. Units from the stock rows, money from the ledger, and how far the gateway is from that. */
export const figuresSchema = z.object({
  products: z.array(
    z.object({
      sku: z.string(),
      name: z.string(),
      currency: z.string(),
      price: z.int(),
      open: z.boolean(),
      releaseDate: instant,
      deadline: instant.describe('For an order placed now'),
      orders: z.int().describe('Placed, whatever became of them'),
      capacity: z.int(),
      left: z.int(),
      sold: z.int().describe('Units of orders that are paid and not given up'),
      held: z.int().describe('Units whose payment is still open'),
      reserved: z.int(),
      consumed: z.int().describe('Units that have left the warehouse'),
      delivered: z.int().describe('Units of completed orders'),
      cancelled: z.int().describe('Units of orders that are cancelled, or being cancelled'),
      charged: z.int(),
      refunded: z.int(),
      refundsOnTheirWay: z.int(),
      disputed: z.int().describe("Taken back by customers' banks"),
      undelivered: z.int().describe('Money held for goods that are not delivered: `held` of the books'),
      earned: z.int(),
      gateway: z
        .int()
        .nullable()
        .describe(
          'What the payment gateway keeps: the balance (charged, less refunded and disputed), and where the reconciler ' +
            'has found another sum at the gateway, that sum. Null before its first complete run',
        ),
      gatewayDiffers: z.int().describe('Charges and orders of which it keeps another sum'),
      awaitingRelease: z.int().describe('Orders that wait for fulfillment to be started'),
      needsAttention: z.int().describe('Orders with an open call'),
    }),
  ),
  comparedAt: instant
    .nullable()
    .describe('When the reconciler last began a complete run; it takes the older charges in turns'),
  strayCharges: z
    .array(z.object({ currency: z.string(), amount: z.int(), charges: z.int() }))
    .describe('What the gateway keeps for no product of that currency'),
});
export type Figures = z.infer<typeof figuresSchema>;

/**
 * GET /api/needs-me: most urgent first. `attention`: an open call; `deadline`: still awaits release, and the deadline is
 * at most 7 days off, or past; `deadlines`: many such orders of one product and one day; `pickup`: reminded, and not picked up;
 * `refund`: failed, or on its way for more than 2 days. An order may be there for more than one reason.
 */
export const needs = ['attention', 'deadline', 'pickup', 'refund'] as const;

const product = { sku: z.string(), productName: z.string() };
const money = { amount: z.int(), currency: z.string(), amountText: z.string() };

const oneNeedSchema = z.object({
  kind: z.enum(needs),
  orderId: z.string(),
  status: z.enum(orderStatuses),
  ...product,
  ...money,
  reason: z.string().describe('An attention reason, deadline_near, pickup_reminded, or refund_<status>'),
  call: reasonSchema
    .nullable()
    .describe('The open call about it, for `reason` of POST …/resolve; another item has it, too'),
  text: z.string(),
  since: instant,
  ageMs: z.int(),
  dueAt: instant.nullable(),
  allowedActions: z
    .array(z.string())
    .describe('`attention`, and `refund` with a `call`: for POST …/resolve; else order commands'),
  defaultAction: z.string().nullable(),
  proposal: proposalSchema
    .nullable()
    .describe('Waits for a second person: POST /api/proposals/:id/approve by another supervisor'),
});

const manyNeedsSchema = z.object({
  kind: z.literal('deadlines'),
  ...product,
  orders: z.int(),
  ...money,
  text: z.string(),
  since: instant.describe('When the first of them was placed'),
  ageMs: z.int(),
  dueAt: instant.describe('The first deadline of them'),
  filter: listFilterSchema
    .pick({ status: true, sku: true, deadlineFrom: true, deadlineBefore: true })
    .required()
    .describe('For GET /api/orders and POST /api/orders/bulk'),
});

export const needsMeSchema = z.object({
  counts: z
    .object({ total: z.int(), attention: z.int(), deadline: z.int(), pickup: z.int(), refund: z.int() })
    .describe(
      'All there are, orders of one product and day counted once; at most 100 of each kind are listed',
    ),
  items: z.array(z.discriminatedUnion('kind', [oneNeedSchema, manyNeedsSchema])),
});
export type OneNeed = z.infer<typeof oneNeedSchema>;
export type ManyNeeds = z.infer<typeof manyNeedsSchema>;
export type NeedsMe = z.infer<typeof needsMeSchema>;

/**
 * POST /api/orders/bulk. With `preview` nothing changes, and the answer names the orders: what comes later is not among
 * them. A run is about orders by name, at most 200 of them, and needs an Idempotency-Key: more are several runs, each
 * under a key of its own. What changed since the preview is refused with its reason. A repeat under the same key asks for
 * nothing twice, and for nothing that was refused at first.
 */
export const bulkCommands = ['start-fulfillment', 'cancel'] as const;
const mostInRun = 200;
/** A preview names no more: that would be no answer but a report. */
export const mostInBulk = 10_000;
const wanted = {
  command: z.enum(bulkCommands),
  orderIds: z
    .array(z.string().regex(/^po_[0-9a-z]{18}$/, 'whole order ids'))
    .min(1)
    .max(mostInRun)
    .optional()
    .describe('Either these'),
  filter: z
    .strictObject(listFilterSchema.shape)
    .optional()
    .describe('or, for a preview, whatever GET /api/orders finds by this: the same names and texts as there'),
  preview: z.boolean(),
};
export const bulkSchema = z
  .strictObject(wanted)
  .refine((body) => (body.orderIds === undefined) !== (body.filter === undefined), {
    error: 'give orderIds or filter, one of them',
    path: ['orderIds'],
  })
  .refine((body) => body.preview || body.orderIds !== undefined, {
    error: "a run names its orders: the preview's `orderIds`, at most 200 at a time",
    path: ['orderIds'],
  });
export type BulkBody = z.input<typeof bulkSchema>;

const bulkMoneySchema = z.array(
  z.object({ currency: z.string(), amount: z.int(), amountText: z.string(), orders: z.int() }),
);
export const bulkPreviewSchema = z.object({
  command: z.enum(bulkCommands),
  matched: z.int().describe('Orders that were found'),
  allowed: z.int().describe('of which so many can be asked'),
  orderIds: z
    .array(z.string())
    .max(mostInBulk)
    .describe('The allowed ones, oldest first, at most 10,000 of them: what runs are about'),
  left: z.int().describe('Allowed ones beyond these: for another preview, after the runs'),
  notAllowed: z.array(z.object({ status: z.enum(orderStatuses), count: z.int(), text: z.string() })),
  money: bulkMoneySchema.describe(
    'The prices of the orders that are named. With cancel, what goes back of those that are cancelled now: the prices, ' +
      'less what customers’ banks have taken back; `orders` are those of which something is left',
  ),
  mayGoBack: bulkMoneySchema.describe(
    'With cancel: the same of those whose partner is asked, and may refuse, or whose item has to come back first',
  ),
  unknown: z.array(z.string()).describe('Ids of no order'),
});
export type BulkPreview = z.infer<typeof bulkPreviewSchema>;

export const bulkResultSchema = z.object({
  command: z.enum(bulkCommands),
  results: z.array(
    commandAnswerSchema.pick({ orderId: true, answer: true, message: true }).extend({
      isOpen: z.literal(true).optional().describe('It broke on our side: a repeat under the same key tells'),
    }),
  ),
  counts: z.record(z.string(), z.int()).describe('How many of each answer'),
});
export type BulkResult = z.infer<typeof bulkResultSchema>;
/** `preview` says which of both it is. */
export const bulkAnswerSchema = z.union([
  bulkPreviewSchema.extend({ preview: z.literal(true) }),
  bulkResultSchema.extend({ preview: z.literal(false) }),
]);
export type BulkAnswer = z.infer<typeof bulkAnswerSchema>;
