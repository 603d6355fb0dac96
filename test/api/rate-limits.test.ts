import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OperatorOrder } from '../../src/contract/api.js';
import type { RateLimits } from '../../src/api/rate-limits.js';
import { createWorld, type World } from '../support/world.js';
import { storedKey } from './support/callers.js';
import type { Got, Sent } from './support/http.js';
import { orderBody } from './support/orders.js';
import { operatorKey, secondApi, type SecondApi } from './support/second-api.js';

const taskQueue = `test-${randomUUID()}`;
const plenty: RateLimits = { machineKey: 1000, caller: 1000, placing: 1000, badKeys: 1000, machines: 1000 };
let world: World;
let sku: string;
const apis: SecondApi[] = [];
beforeAll(async () => {
  world = await createWorld({ PREORDER_TASK_QUEUE: taskQueue });
  sku = await world.addProduct();
});
afterAll(async () => {
  for (const api of apis) await api.close();
  await world.close();
});

async function limited(limits: Partial<RateLimits>, trustProxy?: string): Promise<SecondApi> {
  const { database, temporal } = world;
  const rateLimits = { ...plenty, ...limits };
  const api = await secondApi({
    database,
    temporal,
    taskQueue,
    rateLimits,
    trustProxy,
    placeWithinMs: 8_000,
  });
  apis.push(api);
  return api;
}

async function times(n: number, api: SecondApi, sent: () => Sent): Promise<Got[]> {
  const got: Got[] = [];
  for (let i = 0; i < n; i++) got.push(await api.send(sent()));
  return got;
}
const statuses = (all: Got[]): number[] => all.map(({ status }) => status);
const placing =
  (key: string | null, more: Record<string, string> = {}) =>
  (): Sent => ({
    method: 'POST',
    path: '/api/orders',
    body: orderBody(sku),
    headers: { 'idempotency-key': randomUUID(), ...more },
    key,
  });

describe('too many requests', () => {
  it('are 429, with when to come back', async () => {
    const api = await limited({ caller: 3 });
    const all = await times(5, api, () => ({ path: '/api/products', key: null }));
    expect(statuses(all)).toEqual([200, 200, 200, 429, 429]);
    expect(all[4]?.body.code).toBe('rate_limited');
    const seconds = Number(all[4]?.headers['retry-after']);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    // Addresses without a route count, too; and whoever has a key is not held up by strangers at the same address.
    expect((await api.send({ path: '/api/nothing', key: null })).status).toBe(429);
    expect((await api.send({ path: '/api/books' })).status).toBe(200);
  });

  it('place nothing: no order, no unit, no charge', async () => {
    const api = await limited({ placing: 2 });
    const before = await world.call<{ left: number }>('GET', `/api/products/${sku}`);
    expect(statuses(await times(4, api, placing(null)))).toEqual([201, 201, 429, 429]);
    const after = await world.call<{ left: number }>('GET', `/api/products/${sku}`);
    expect(after.body.left).toBe(before.body.left - 2);
    // A shop's own server places for many customers.
    expect(statuses(await times(3, api, placing(operatorKey)))).toEqual([201, 201, 201]);
  });

  it('for a link by mail send nothing more, whatever order they name', async () => {
    const api = await limited({ placing: 2 });
    const orders = [(await world.place({ sku })).body, (await world.place({ sku })).body];
    orders.push((await world.place({ sku })).body);
    const emails = await Promise.all(
      orders.map(async ({ orderId }) => (await api.send({ path: `/api/orders/${orderId}` })).body),
    );
    const got: Got[] = [];
    for (const [i, { orderId }] of orders.entries()) {
      const { email } = (emails[i] as unknown as OperatorOrder).customer ?? {};
      const body = new URLSearchParams({ order: orderId, email: email ?? '' }).toString();
      const headers = { origin: api.url, 'content-type': 'application/x-www-form-urlencoded' };
      got.push(await api.send({ method: 'POST', path: '/order/link', body, headers, key: null }));
    }
    expect(statuses(got)).toEqual([200, 200, 429]);
    expect(Number(got[2]?.headers['retry-after'])).toBeGreaterThan(0);
    const queued = await world.database.db
      .selectFrom('outbox')
      .select('order_id')
      .where('kind', '=', 'link_again')
      .execute();
    expect(queued.map((row) => row.order_id).sort()).toEqual(
      orders
        .slice(0, 2)
        .map(({ orderId }) => orderId)
        .sort(),
    );
  });

  it('with bad keys are cut off, while good ones from the same address go on', async () => {
    const api = await limited({ badKeys: 3 });
    const own = (await world.place({ sku })).body;
    const bad = [
      ...(await times(2, api, () => ({ path: '/api/books', key: `pok_${randomUUID()}` }))),
      // Each made-up token is another one: the address is what they share.
      ...(await times(3, api, () => ({ path: `/api/orders/${own.orderId}`, key: `pot_${randomUUID()}` }))),
    ];
    expect(statuses(bad)).toEqual([401, 401, 404, 429, 429]);
    expect((await api.send({ path: '/api/books' })).status).toBe(200);
    expect((await api.send({ path: `/api/orders/${own.orderId}`, key: own.token })).status).toBe(200);
  });

  it('are counted per machine key', async () => {
    const api = await limited({ machineKey: 2 });
    const other = await storedKey(world, 'operator');
    expect(statuses(await times(3, api, () => ({ path: '/api/books' })))).toEqual([200, 200, 429]);
    expect((await api.send({ path: '/api/books', key: other.key })).status).toBe(200);
  });

  it('are counted per order token', async () => {
    const api = await limited({ caller: 2 });
    const [one, two] = [(await world.place({ sku })).body, (await world.place({ sku })).body];
    const read =
      ({ orderId, token }: typeof one) =>
      () => ({ path: `/api/orders/${orderId}`, key: token });
    expect(statuses(await times(3, api, read(one)))).toEqual([200, 200, 429]);
    expect((await api.send(read(two)())).status).toBe(200);
  });

  it('do not keep probes and partners out', async () => {
    const api = await limited({ caller: 1, machines: 3 });
    await times(2, api, () => ({ path: '/api/products', key: null }));
    const probes = await times(4, api, () => ({ path: '/health/live', key: null }));
    expect(statuses(probes)).toEqual([200, 200, 200, 429]);
  });

  it('behind a trusted proxy are counted per caller; nobody else is believed', async () => {
    const from = (address: string) => (): Sent => ({
      path: '/api/products',
      key: null,
      headers: { 'x-forwarded-for': address },
    });
    const proxied = await limited({ caller: 1 }, '127.0.0.1');
    expect(statuses(await times(2, proxied, from('203.0.113.1')))).toEqual([200, 429]);
    expect(statuses(await times(1, proxied, from('203.0.113.2')))).toEqual([200]);
    const direct = await limited({ caller: 1 });
    expect(statuses(await times(1, direct, from('203.0.113.1')))).toEqual([200]);
    expect(statuses(await times(1, direct, from('203.0.113.2')))).toEqual([429]);
  });
});
