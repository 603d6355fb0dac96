import { queryOptions } from '@tanstack/react-query';
import type { CompensationLog, OperatorOrder, OrderList, ProductList } from '../../../contract/api.js';
import type { Audit } from '../../../contract/audit.js';
import type { Figures, History, NeedsMe, Notices } from '../../../contract/console.js';
import type { FaultList, Mail, MailList } from '../../../contract/development.js';
import type { Reconciliation } from '../../../contract/reconciliation.js';
import type { Session } from '../../../contract/session.js';
import { ask, isSignedOut, limited, query } from './http.js';

/** Everything the console reads. An order's parts stand under the order's key, so that its change renews all of them. */

const MINUTE_MS = 60_000;
/** What no event tells of: the sandbox is for development. */
const SANDBOX_MS = 3_000;
const PARTS_MS = 10_000;

const read = <T>(queryKey: readonly unknown[], path: string, refetchInterval?: number) =>
  queryOptions({
    queryKey,
    queryFn: ({ signal }) => ask<T>(path, { signal }),
    ...(refetchInterval === undefined ? {} : { refetchInterval }),
  });

/** Null for whoever is not signed in. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }): Promise<Session | null> =>
    ask<Session>('/api/session', { signal }).catch((error: unknown) => {
      if (isSignedOut(error)) return null;
      throw error;
    }),
  refetchInterval: 5 * MINUTE_MS,
});

/** Of the API's own parts, `ok` or `unreachable`; nothing is known while the API itself does not answer. */
export const partsQuery = queryOptions({
  queryKey: ['parts'],
  queryFn: async ({ signal }) => {
    const response = await fetch('/health/ready', { signal: limited(PARTS_MS, signal) }).catch(
      () => undefined,
    );
    const answer = (await response?.json().catch(() => undefined)) as
      { checks?: Partial<Record<'database' | 'temporal', string>> } | undefined;
    return answer?.checks ?? {};
  },
  refetchInterval: PARTS_MS,
});

/** Deadlines come near by themselves: nothing tells of it. */
export const needsMeQuery = read<NeedsMe>(['needs-me'], '/api/needs-me', MINUTE_MS);

export const ordersQuery = (search: object) =>
  read<OrderList>(['orders', search], `/api/orders${query(search)}`);

const part = <T>(orderId: string, name: string) =>
  read<T>(['order', orderId, name], `/api/orders/${encodeURIComponent(orderId)}/${name}`);

export const orderQuery = (orderId: string) =>
  read<OperatorOrder>(['order', orderId], `/api/orders/${encodeURIComponent(orderId)}`);
export const historyQuery = (orderId: string) => part<History>(orderId, 'history');
export const noticesQuery = (orderId: string) => part<Notices>(orderId, 'notices');
export const auditQuery = (orderId: string) => part<Audit>(orderId, 'audit');
export const compensationQuery = (orderId: string) => part<CompensationLog>(orderId, 'compensation-log');

/** Names and prices; the figures cost much more. */
export const productsQuery = read<ProductList>(['products'], '/api/products');
export const figuresQuery = read<Figures>(['figures'], '/api/products/figures');
export const reconciliationQuery = read<Reconciliation>(['reconciliation'], '/api/reconciliation', MINUTE_MS);

export const mailsQuery = (search: { orderId?: string | undefined }) =>
  read<MailList>(['mail', search], `/api/development/mail${query(search)}`, SANDBOX_MS);
export const mailQuery = (id: string) => read<Mail>(['mail', 'one', id], `/api/development/mail/${id}`);
export const faultsQuery = read<FaultList>(['faults'], '/api/development/faults', SANDBOX_MS);
