import type { OrderSort } from '../../../../contract/api.js';
import { orderStatuses, type OrderStatus } from '../../../../domain/lifecycle.js';

/** The address of the list of orders is its whole state: what is looked for, how it is sorted, which page. */
export interface OrdersSearch {
  q?: string | undefined;
  /** With commas between. */
  status?: string | undefined;
  sku?: string | undefined;
  currency?: string | undefined;
  open?: 'true' | undefined;
  needsAttention?: 'true' | undefined;
  /** The two of them: one day. */
  deadlineFrom?: string | undefined;
  refund?: 'pending' | 'failed' | undefined;
  deadlineBefore?: string | undefined;
  deadlineNear?: 'true' | undefined;
  sort?: OrderSort | undefined;
  after?: string | undefined;
}

const sorts: readonly OrderSort[] = ['-placed', 'placed', 'deadline', '-deadline', 'updated', '-updated'];

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value : undefined;

const currency = (value: unknown): string | undefined =>
  /^[A-Z]{3}$/.test(String(value)) ? String(value) : undefined;

const instant = (value: unknown): string | undefined =>
  text(value) && !Number.isNaN(Date.parse(String(value))) ? String(value) : undefined;

/** An address somebody mistyped still shows a list: what is not known is left out. */
export function ordersSearch(search: Record<string, unknown>): OrdersSearch {
  const flag = (value: unknown) => (value === 'true' ? 'true' : undefined);
  return {
    q: text(search.q),
    status: statusesOf(text(search.status)).join(',') || undefined,
    sku: text(search.sku),
    currency: currency(search.currency),
    open: flag(search.open),
    needsAttention: flag(search.needsAttention),
    refund: search.refund === 'pending' || search.refund === 'failed' ? search.refund : undefined,
    deadlineFrom: instant(search.deadlineFrom),
    deadlineBefore: instant(search.deadlineBefore),
    deadlineNear: flag(search.deadlineNear),
    sort: sorts.find((sort) => sort === search.sort),
    after: text(search.after),
  };
}

export function statusesOf(list: string | undefined): OrderStatus[] {
  const asked = list?.split(',') ?? [];
  return orderStatuses.filter((status) => asked.includes(status));
}

/** What is looked for, without how it is shown: for a bulk command. */
export function filterOf({ sort: _sort, after: _after, ...filter }: OrdersSearch) {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as Omit<
    OrdersSearch,
    'sort' | 'after'
  >;
}
