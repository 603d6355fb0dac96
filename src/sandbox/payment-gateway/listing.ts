import type { Books } from './books.js';
import { missing } from './errors.js';
import { expandPaths, type PageParams } from './params.js';
import type { Charge, Dispute, PaymentIntent, Refund } from './types.js';

/** Stripe's list envelope over objects that come oldest first and go out newest first. */
export function listOf<T extends { id: string; created: number }>(
  url: string,
  items: T[],
  params: PageParams,
) {
  const { gt = -1, gte = 0, lt = Infinity, lte = Infinity } = { ...params.created } as Record<string, number>;
  const wanted = items.filter(({ created: at }) => at > gt && at >= gte && at < lt && at <= lte).reverse();
  const after = params.starting_after;
  const last = after === undefined ? -1 : wanted.findIndex((item) => item.id === after);
  if (after !== undefined && last === -1) throw missing('object', after, 'starting_after', 400);
  const data = wanted.slice(last + 1, last + 1 + params.limit);
  return { object: 'list', url, has_more: last + 1 + data.length < wanted.length, data };
}

/** Replaces ids by the objects they name, for the fields asked for in `expand`. */
export function expanded<T extends PaymentIntent | Refund | Charge | Dispute>(
  books: Books,
  object: T,
  params: Parameters<typeof expandPaths>[0],
): T {
  const full: Record<string, unknown> = { ...object };
  for (const path of expandPaths(params)) {
    const field = path.replace(/^data\./, '');
    const id = full[field];
    if (typeof id === 'string') full[field] = objectOf(books, id) ?? id;
  }
  return full as unknown as T;
}

function objectOf(books: Books, id: string): unknown {
  const payment = books.find(id);
  if (payment?.intent.id === id) return payment.intent;
  return [...(payment?.charges ?? []), ...(payment?.refunds ?? [])].find((part) => part.id === id);
}
