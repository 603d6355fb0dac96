import { randomUUID } from 'node:crypto';
import type { CommandAnswer, CompensationLog, OrderView, PlacedOrder, Problem } from '../../contract/api.js';
import type { OrderStatus } from '../../domain/lifecycle.js';
import type { ApiClient } from '../api-client.js';
import { createApiClient } from '../api-client.js';
import type { Stack } from '../stack.js';

export interface PlaceOptions {
  sku: string;
  quantity?: number;
  paymentMethod?: string;
  zip?: string;
  key?: string;
}

export type Placed = { status: number; body: PlacedOrder & Partial<Pick<Problem, 'code' | 'detail'>> };

/** The shop's own words for what the demo does; all of it over HTTP, as a shop would. */
export function createShop(stack: Stack) {
  const { api, sandbox, connection } = stack;

  const order = async (id: string): Promise<OrderView> =>
    (await api.get<OrderView>(`/api/orders/${id}`)).body;

  async function until(id: string, ...statuses: OrderStatus[]): Promise<OrderView> {
    const patience = Date.now() + 60_000;
    for (;;) {
      const now = await order(id);
      if (statuses.includes(now.status)) return now;
      if (Date.now() > patience)
        throw new Error(`${id} is ${now.status} and never became ${statuses.join(' or ')}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async function expectOk<T>(reply: Promise<{ status: number; body: T }>): Promise<T> {
    const { status, body } = await reply;
    if (status >= 300) throw new Error(`unexpected answer ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  const asCustomer = (token: string): ApiClient => createApiClient(connection.url, token);

  return {
    order,
    until,
    place: async ({
      sku,
      quantity = 1,
      paymentMethod = 'pm_card_visa',
      zip = '12345',
      key = randomUUID(),
    }: PlaceOptions): Promise<Placed> => {
      const address = { street: '1 Main Street', city: 'Springfield', zip, country: 'US' };
      const customer = { name: 'Ada Byron', email: 'ada@example.com', address };
      const body = { sku, quantity, customer, paymentMethod };
      return api.post('/api/orders', body, { 'idempotency-key': key });
    },
    command: (id: string, kind: string, client: ApiClient = api) =>
      expectOk(client.post<CommandAnswer>(`/api/orders/${id}/${kind}`)),
    asCustomer,
    fastForward: (id: string, wish: { to?: string; by?: string }) =>
      expectOk(api.post<OrderView>(`/api/orders/${id}/fast-forward`, wish)),
    compensation: async (id: string) =>
      (await api.get<CompensationLog>(`/api/orders/${id}/compensation-log`)).body.entries,
    addProduct: (product: object) => expectOk(api.post('/api/products', product)),
    setCapacity: (sku: string, capacity: number) =>
      expectOk(api.send('PATCH', `/api/products/${sku}`, { capacity })),
    newestOpen: async (sku: string): Promise<OrderView | undefined> =>
      (await api.get<{ orders: OrderView[] }>(`/api/orders?sku=${sku}&open=true&limit=1`)).body.orders[0],
    fault: (fault: object) => expectOk(sandbox.post<{ id: string }>('/_sandbox/faults', fault)),
    faultHits: async (id: string): Promise<number> => {
      const faults = await sandbox.get<{ id: string; hits: number }[]>('/_sandbox/faults');
      return faults.body.find((fault) => fault.id === id)?.hits ?? 0;
    },
    clearFaults: () => sandbox.send('DELETE', '/_sandbox/faults'),
    modes: (modes: object) => expectOk(sandbox.send('PUT', '/_sandbox/delivery-partner/modes', modes)),
    scan: (id: string, status: string) =>
      expectOk(sandbox.post(`/_sandbox/shipments/${id}:fulfillment:1/events`, { status })),
    uiLink: (id: string): string =>
      `${connection.temporalUi ?? 'http://127.0.0.1:8233'}/namespaces/${stack.temporal.namespace}/workflows/order-${id}`,
  };
}

export type Shop = ReturnType<typeof createShop>;
