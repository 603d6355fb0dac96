import { z } from 'zod';
import { orderStatuses } from '../domain/lifecycle.js';
import { skuSchema } from './api.js';

/** The books: ledger and stock. Amounts are integers in the currency's minor unit. */

export const booksQuerySchema = z.strictObject({
  product: skuSchema.optional().describe('Only of this product, and each of its orders'),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
  after: z
    .string()
    .regex(/^[0-9a-z_]{1,30}$/, 'the `next` of the page before')
    .optional(),
});

export const booksSchema = z.object({
  products: z
    .array(
      z.object({
        sku: z.string(),
        currency: z.string(),
        orders: z.int(),
        balanced: z.int().describe('Of these orders'),
        charged: z.int(),
        refunded: z.int(),
        onTheWay: z.int().describe('Refunds that are asked for and not paid out yet'),
        disputed: z.int().describe("Taken back by customers' banks"),
        earned: z.int(),
        held: z.int().describe('For goods that are not delivered: charged, and none of the others'),
      }),
    )
    .describe('Per product and currency'),
  counts: z.object({ orders: z.int(), balanced: z.int(), unbalanced: z.int() }),
  next: z.string().nullable().describe('Pass as `after` for the next page of orders'),
  orders: z
    .array(
      z.object({
        orderId: z.string(),
        status: z.enum(orderStatuses),
        currency: z.string(),
        charged: z.int(),
        refunded: z.int(),
        disputed: z.int().describe("Taken back by the customer's bank"),
        earned: z.int(),
        reservation: z.string(),
        balanced: z.boolean(),
      }),
    )
    .describe('Oldest first. Without a product only those that do not balance'),
  stock: z.array(
    z.object({
      sku: z.string(),
      capacity: z.int(),
      reserved: z.int(),
      sumOfRows: z.int(),
      balanced: z.boolean(),
    }),
  ),
});
export type Books = z.infer<typeof booksSchema>;
