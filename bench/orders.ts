import { randomUUID } from 'node:crypto';
import type { PlacedOrder } from '../src/contract/api.js';
import type { ApiClient } from '../src/up/api-client.js';

export interface Orders {
  place(): Promise<PlacedOrder>;
  complete(): Promise<string>;
  cancel(): Promise<string>;
}

const sku = 'bench-phone';

/** Orders through the real HTTP API, each with a customer and a key of its own. */
export async function openOrders(api: ApiClient, sandbox: ApiClient): Promise<Orders> {
  const releaseDate = new Date(Date.now() + 90 * 86_400_000).toISOString();
  const product = {
    sku,
    name: 'Bench Phone',
    price: 49_900,
    currency: 'USD',
    capacity: 1_000_000,
    releaseDate,
  };
  await api.post('/api/products', product);

  async function place(): Promise<PlacedOrder> {
    const address = { street: '1 Main Street', city: 'Springfield', zip: '12345', country: 'US' };
    const customer = { name: 'Ada Byron', email: `${randomUUID()}@example.com`, address };
    const body = { sku, customer, paymentMethod: 'pm_card_visa' };
    const reply = await api.post<PlacedOrder>('/api/orders', body, { 'idempotency-key': randomUUID() });
    if (reply.status !== 201)
      throw new Error(`placing answered ${reply.status}: ${JSON.stringify(reply.body)}`);
    return reply.body;
  }

  async function until(id: string, status: string): Promise<void> {
    for (;;) {
      const { body } = await api.get<PlacedOrder>(`/api/orders/${id}`);
      if (body.status === status) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  const scan = (id: string, status: string) =>
    sandbox.post(`/_sandbox/shipments/${id}:fulfillment:1/events`, { status });

  return {
    place,
    async complete() {
      const { orderId } = await place();
      await api.post(`/api/orders/${orderId}/start-fulfillment`);
      await until(orderId, 'awaiting_pickup');
      await scan(orderId, 'in_transit');
      await until(orderId, 'in_transit');
      await scan(orderId, 'delivered');
      await until(orderId, 'completed');
      return orderId;
    },
    async cancel() {
      const { orderId } = await place();
      await api.post(`/api/orders/${orderId}/cancel`);
      await until(orderId, 'cancelled');
      return orderId;
    },
  };
}
