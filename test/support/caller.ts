import { randomUUID } from 'node:crypto';
import type {
  CommandAnswer,
  CompensationLog,
  OrderView,
  PlacedOrder,
  Problem as FullProblem,
} from '../../src/contract/api.js';

/** What a refusal carries beside its HTTP status, which is also the reply's. */
export type Problem = Partial<Pick<FullProblem, 'code' | 'detail' | 'errors' | 'orderId'>>;

export interface Reply<T> {
  status: number;
  body: T;
}

/** The API as a shop and its people call it. */
export interface Caller {
  call<T>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply<T>>;
  addProduct(overrides?: Record<string, unknown>): Promise<string>;
  place(overrides?: PlaceOptions): Promise<Reply<PlacedOrder & Problem>>;
  command(id: string, kind: string, body?: unknown, key?: string): Promise<Reply<CommandAnswer & Problem>>;
  order(id: string): Promise<OrderView>;
  log(id: string): Promise<CompensationLog['entries']>;
  resolve(id: string, action: string, reference?: string): Promise<Reply<CommandAnswer & Problem>>;
  fastForward(id: string, wish: { to?: 'release' | 'deadline'; by?: string }): Promise<OrderView>;
  /** Waits until the order is so; fails with what it is. */
  until(id: string, is: (order: OrderView) => boolean, what?: string): Promise<OrderView>;
  untilStatus(id: string, ...statuses: OrderView['status'][]): Promise<OrderView>;
}

export interface PlaceOptions {
  sku?: string;
  quantity?: number;
  paymentMethod?: string;
  zip?: string;
  name?: string;
  email?: string;
  key?: string;
}

export function createCaller(url: string, key: string): Caller {
  let defaultSku: string | undefined;

  const call: Caller['call'] = async (method, path, body, headers = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text ? JSON.parse(text) : undefined) as never };
  };

  const order = async (id: string): Promise<OrderView> =>
    (await call<OrderView>('GET', `/api/orders/${id}`)).body;

  const until: Caller['until'] = async (id, is, what = String(is)) => {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const now = await order(id);
      if (is(now)) return now;
      if (Date.now() > deadline)
        throw new Error(`order never became so: ${what}\n${JSON.stringify(now, null, 1)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  const addProduct: Caller['addProduct'] = async (overrides = {}) => {
    const sku = `sku-${randomUUID().slice(0, 8)}`;
    const releaseDate = new Date(Date.now() + 90 * 86_400_000).toISOString();
    const product = {
      sku,
      name: 'Phone',
      price: 49_900,
      currency: 'USD',
      capacity: 1000,
      releaseDate,
      ...overrides,
    };
    const reply = await call('POST', '/api/products', product);
    if (reply.status !== 201) throw new Error(JSON.stringify(reply.body));
    return product.sku;
  };

  return {
    call,
    order,
    until,
    addProduct,
    place: async (options = {}) => {
      const sku = options.sku ?? (defaultSku ??= await addProduct());
      const body = {
        sku,
        quantity: options.quantity ?? 1,
        customer: {
          name: options.name ?? 'Ada Lovelace',
          email: options.email ?? `${randomUUID()}@example.com`,
          address: { street: '1 Main St', city: 'Springfield', zip: options.zip ?? '12345', country: 'US' },
        },
        paymentMethod: options.paymentMethod ?? 'pm_card_visa',
      };
      return call('POST', '/api/orders', body, { 'idempotency-key': options.key ?? randomUUID() });
    },
    command: (id, kind, body, commandKey = randomUUID()) =>
      call('POST', `/api/orders/${id}/${kind}`, body, { 'idempotency-key': commandKey }),
    log: async (id) =>
      (await call<CompensationLog>('GET', `/api/orders/${id}/compensation-log`)).body.entries,
    resolve: (id, action, reference) =>
      call('POST', `/api/orders/${id}/resolve`, { action, ...(reference ? { reference } : {}) }),
    fastForward: async (id, wish) => {
      const reply = await call<OrderView & Problem>('POST', `/api/orders/${id}/fast-forward`, wish);
      if (reply.status !== 200) throw new Error(JSON.stringify(reply.body));
      return reply.body;
    },
    untilStatus: (id, ...statuses) =>
      until(id, (o) => statuses.includes(o.status), `status ${statuses.join(' or ')}`),
  };
}
