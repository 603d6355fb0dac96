import { defineSearchAttributeKey, TypedSearchAttributes } from '@temporalio/common';
import type { OrderInput } from '../domain/order.js';

/** Name → type, as the namespace has to know them. No attribute carries anything personal. */
export const searchAttributes = {
  OrderStatus: 'Keyword',
  Product: 'Keyword',
  ReleaseDate: 'Datetime',
  NeedsAttention: 'Bool',
} as const;

const orderStatus = defineSearchAttributeKey('OrderStatus', 'KEYWORD');
const product = defineSearchAttributeKey('Product', 'KEYWORD');
const releaseDate = defineSearchAttributeKey('ReleaseDate', 'DATETIME');
const needsAttention = defineSearchAttributeKey('NeedsAttention', 'BOOL');

export function initialSearchAttributes(order: OrderInput): TypedSearchAttributes {
  return new TypedSearchAttributes([
    { key: orderStatus, value: 'payment_pending' },
    { key: product, value: order.sku },
    { key: releaseDate, value: new Date(order.releaseAt) },
    { key: needsAttention, value: false },
  ]);
}
