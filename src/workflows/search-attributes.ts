import { upsertSearchAttributes } from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { OrderStatus } from '../domain/lifecycle.js';

const orderStatus = defineSearchAttributeKey('OrderStatus', 'KEYWORD');
const needsAttention = defineSearchAttributeKey('NeedsAttention', 'BOOL');

/** Each upsert is a billable action: the order says where it waits and how it ended, not every step between. */
export function tellStatus(status: OrderStatus): void {
  upsertSearchAttributes([{ key: orderStatus, value: status }]);
}

export function tellNeedsAttention(value: boolean): void {
  upsertSearchAttributes([{ key: needsAttention, value }]);
}
