import type { Subject } from './access.js';
import type { auditOf } from '../db/audit.js';
import type { z } from 'zod';
import type {
  CommandAnswer,
  CompensationLog,
  OperatorOrder,
  OrderView,
  PolicyText,
  ProductView,
} from '../contract/api.js';
import type { OrderStatus } from '../domain/lifecycle.js';
import type { OrderFilter } from '../db/order-list.js';
import type { listFilterSchema } from '../contract/order-list.js';
import type { Audit } from '../contract/audit.js';
import type { Attention } from '../domain/attention.js';
import { DEADLINE_NEAR_MS, deadlineOf, parseDuration } from '../domain/deadline.js';
import { formatMoney } from '../domain/money.js';
import type { CompensationEntry, OrderSnapshot } from '../domain/order.js';
import { policyWith, type Policy, type PolicyOverrides } from '../domain/policy.js';
import type { Address } from '../db/schema.js';
import type { productRow } from '../db/products.js';

const iso = (ms: number): string => new Date(ms).toISOString();
const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

export function orderView(o: OrderSnapshot): OrderView {
  return {
    orderId: o.orderId,
    workflowId: o.workflowId,
    sku: o.sku,
    productName: o.productName,
    quantity: o.quantity,
    amount: o.amountMinor,
    currency: o.currency,
    amountText: formatMoney(o),
    status: o.status,
    payment: o.payment,
    reservation: o.reservation,
    fulfillment: o.fulfillment,
    shipment: o.shipment && { ...o.shipment, lastEventAt: isoOrNull(o.shipment.lastEventAt) },
    refund: o.refund && {
      id: o.refund.id,
      gatewayId: o.refund.gatewayId,
      amount: o.refund.amountMinor,
      currency: o.refund.currency,
      status: o.refund.status,
      requestedAt: iso(o.refund.requestedAt),
      settledAt: isoOrNull(o.refund.settledAt),
    },
    cancelReason: o.cancelReason,
    cancelRequestedAt: isoOrNull(o.cancelRequestedAt),
    placedAt: iso(o.placedAt),
    updatedAt: iso(o.updatedAt),
    releaseDate: iso(o.releaseAt),
    deadline: iso(o.deadlineAt),
    now: iso(o.now),
    timeLeftMs: o.deadlineAt - o.now,
    needsAttention: o.needsAttention && callView(o.needsAttention),
    allowedActions: o.allowedActions,
  };
}

const callView = (call: Attention): NonNullable<OrderView['needsAttention']> => ({
  ...call,
  since: iso(call.since),
  dueAt: iso(call.dueAt),
});

/** With what operators may see of the customer. */
export const operatorOrderView = (o: OrderSnapshot, address?: Address): OperatorOrder => ({
  ...orderView(o),
  calls: o.calls.map(callView),
  customer: { name: o.customerName, email: o.customerEmail, ...(address ? { address } : {}) },
});

/** A filter as it is written → as the database takes it. */
export function orderFilter(text: z.output<typeof listFilterSchema>, now: number): OrderFilter {
  const { status, deadlineFrom, deadlineBefore, deadlineNear, ...rest } = text;
  const ms = (given: string | undefined) => (given === undefined ? undefined : Date.parse(given));
  return {
    ...rest,
    status: status?.split(',') as OrderStatus[] | undefined,
    deadlineFrom: ms(deadlineFrom),
    deadlineBefore: ms(deadlineBefore),
    dueBy: deadlineNear ? now + DEADLINE_NEAR_MS : undefined,
  };
}

export function answerView(
  answer: Pick<CommandAnswer, 'answer' | 'message' | 'proposalId'>,
  order: OrderSnapshot,
  reader: Subject['kind'],
): CommandAnswer {
  const calls = reader === 'customer' ? {} : { calls: order.calls.map(callView) };
  return { orderId: order.orderId, ...answer, order: { ...orderView(order), ...calls } };
}

/** An error may quote insides of ours or a partner's: it is for those who can mend it. */
export function compensationView(
  orderId: string,
  entries: CompensationEntry[],
  reader: Subject['kind'],
): CompensationLog {
  return {
    orderId,
    entries: entries.map((e) => ({
      ...e,
      startedAt: iso(e.startedAt),
      finishedAt: isoOrNull(e.finishedAt),
      lastError: reader === 'customer' ? null : e.lastError,
    })),
  };
}

export function auditView(orderId: string, rows: Awaited<ReturnType<typeof auditOf>>): Audit {
  return {
    orderId,
    entries: rows.map((row) => ({
      at: iso(row.at),
      caller: row.caller,
      keyId: row.key_id,
      keyName: row.key_name,
      action: row.action,
      outcome: row.outcome,
      code: row.code,
      requestId: row.request_id,
      times: row.times,
    })),
  };
}

type ProductRow = NonNullable<Awaited<ReturnType<typeof productRow>>>;

export function productPolicy(base: Policy, product: Pick<ProductRow, 'policy'>): Policy {
  return policyWith(base, product.policy);
}

export function productView(p: ProductRow, base: Policy): ProductView {
  return {
    sku: p.sku,
    name: p.name,
    description: p.description,
    price: p.price_minor,
    currency: p.currency,
    priceText: formatMoney({ amountMinor: p.price_minor, currency: p.currency }),
    capacity: p.capacity,
    left: p.capacity - p.reserved,
    releaseDate: iso(p.release_at),
    shipsBy: iso(deadlineOf(p.release_at, productPolicy(base, p).graceMs)),
    open: p.open,
  };
}

/** A product's policy as people write it → what the workflow lives by. */
export function policyOverrides(text: PolicyText): PolicyOverrides {
  const ms = (value: string | undefined): number | undefined =>
    value === undefined ? undefined : parseDuration(value);
  const all: PolicyOverrides = {
    graceMs: ms(text.grace),
    pickupReminderMs: ms(text.pickupReminder),
    reminderCapMs: ms(text.reminderCap),
    partnerSilenceMs: ms(text.partnerSilence),
    transitSilenceMs: ms(text.transitSilence),
    undoAlarmMs: ms(text.undoAlarm),
    startFulfillment: text.startFulfillment,
    remindersBeforeAttention: text.remindersBeforeAttention,
    maxQuantity: text.maxQuantity,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
