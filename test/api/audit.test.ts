import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Audit } from '../../src/contract/audit.js';
import { createWorld, type World } from '../support/world.js';
import { storedKey } from './support/callers.js';
import type { Got, Sent } from './support/http.js';
import { orderBody } from './support/orders.js';
import { secondApi, type SecondApi } from './support/second-api.js';

const taskQueue = `test-${randomUUID()}`;
let world: World;
let api: SecondApi;
let sku: string;
beforeAll(async () => {
  world = await createWorld({ PREORDER_TASK_QUEUE: taskQueue });
  const parts = { database: world.database, temporal: world.temporal, taskQueue };
  const auditing = { refusalsPerMinute: 20, retryAfterMs: 50 };
  api = await secondApi({ ...parts, auditing, placeWithinMs: 10_000, answerWithinMs: 10_000 });
  sku = await world.addProduct();
});
afterAll(async () => {
  await api.close();
  await world.close();
});

const send = (sent: Sent): Promise<Got> =>
  api.send({ headers: { 'idempotency-key': randomUUID() }, ...sent });
const post = (path: string, key?: string | null, body?: unknown): Promise<Got> =>
  send({ method: 'POST', path, ...(key === undefined ? {} : { key }), body });
const order = async (): Promise<{ orderId: string; token: string }> =>
  (await post('/api/orders', null, orderBody(sku))).body as never;
const entries = async (orderId: string): Promise<Audit['entries']> =>
  ((await send({ path: `/api/orders/${orderId}/audit` })).body as unknown as Audit).entries;
const brief = async (orderId: string): Promise<string[]> =>
  (await entries(orderId)).map((e) => [e.caller, e.action, e.outcome, e.code].filter(Boolean).join(' '));
const rows = () => world.database.db.selectFrom('audit').selectAll().orderBy('id').execute();

describe('the audit', () => {
  it('says who did what to an order, and who was not let in', async () => {
    const alice = await storedKey(world, 'operator');
    const { orderId, token } = await order();
    const stranger = await order();
    await post(`/api/orders/${orderId}/item-picked`, alice.key);
    await post(`/api/orders/${orderId}/start-fulfillment`, token);
    await send({ path: `/api/orders/${orderId}`, key: stranger.token });
    await send({ path: `/api/orders/${orderId}`, key: null });
    const cancelled = await post(`/api/orders/${orderId}/cancel`, token);
    expect(cancelled.status).toBe(200);
    expect(await brief(orderId)).toEqual([
      'anonymous place done',
      'operator item-picked refused not_allowed',
      'customer start-fulfillment refused forbidden',
      'customer read refused not_found',
      'anonymous read refused key_missing',
      'customer cancel accepted',
    ]);
    const all = await entries(orderId);
    expect(all[1]).toMatchObject({ keyId: alice.id, keyName: 'operator of a test' });
    expect(all[5]?.keyId).toMatch(/^token:[0-9a-f]{12}$/);
    expect(all[5]?.requestId).toBe(cancelled.headers['x-request-id']);
  });

  it('names the order also when only its beginning was given', async () => {
    const { orderId } = await order();
    await post(`/api/orders/${orderId.slice(0, 16)}/confirm-delivery`);
    expect(await brief(orderId)).toContain('operator confirm-delivery refused not_allowed');
  });

  it('has a declined payment, and a key used for two orders', async () => {
    const declined = await post(
      '/api/orders',
      null,
      orderBody(sku, { paymentMethod: 'pm_card_chargeDeclined' }),
    );
    expect(await brief(String(declined.body.orderId))).toEqual(['anonymous place refused payment_declined']);
    const headers = { 'idempotency-key': randomUUID() };
    const body = orderBody(sku);
    const first = await api.send({ method: 'POST', path: '/api/orders', body, headers });
    await api.send({ method: 'POST', path: '/api/orders', body: { ...body, quantity: 2 }, headers });
    expect(await brief(String(first.body.orderId))).toEqual([
      'operator place done',
      'operator place refused idempotency_key_reused',
    ]);
  });

  it('has what concerns no order, and bad signatures, but no reading and no typing error', async () => {
    const before = (await rows()).length;
    await send({ path: '/api/products' });
    await send({ path: '/api/books' });
    await send({ path: '/api/orders/po_000000000000000000' });
    await send({ method: 'PATCH', path: `/api/products/${sku}`, body: { open: 'maybe' } });
    expect((await rows()).length).toBe(before);
    await send({ method: 'PATCH', path: `/api/products/${sku}`, body: { open: true } });
    await post('/webhooks/payment', null, { id: 'evt_1', type: 'x' });
    const fresh = (await rows()).slice(before);
    expect(fresh).toMatchObject([
      { caller: 'operator', action: 'manage-products', outcome: 'done', order_id: null },
      { caller: 'anonymous', action: 'webhook', outcome: 'refused', code: 'bad_signature' },
    ]);
  });

  it('cannot be changed', async () => {
    const { db } = world.database;
    await expect(sql`update audit set caller = 'nobody'`.execute(db)).rejects.toThrow('append-only');
    await expect(sql`delete from audit`.execute(db)).rejects.toThrow('append-only');
    await expect(sql`truncate audit`.execute(db)).rejects.toThrow('append-only');
  });

  it('that cannot be written loses no command, and is written later', async () => {
    const { db } = world.database;
    const { orderId, token } = await order();
    await sql`alter table audit rename to audit_gone`.execute(db);
    expect((await post(`/api/orders/${orderId}/cancel`, token)).body).toMatchObject({ answer: 'accepted' });
    await sql`alter table audit_gone rename to audit`.execute(db);
    await world.untilStatus(orderId, 'cancelled');
    await expect.poll(() => brief(orderId)).toEqual(['anonymous place done', 'customer cancel accepted']);
    expect(api.logs.some((line) => line.includes('audit not written') && line.includes(orderId))).toBe(true);
  });

  it('is not filled by a flood of strangers: past a limit they are counted', async () => {
    const own = { database: world.database, temporal: world.temporal, taskQueue };
    const flooded = await secondApi({ ...own, auditing: { refusalsPerMinute: 5 } });
    const before = (await rows()).length;
    for (let n = 0; n < 30; n++) {
      await flooded.send({ path: '/api/books', key: null });
      await flooded.send({ path: '/api/orders/po_000000000000000000', key: `pot_${'x'.repeat(30)}${n}` });
      await flooded.send({
        method: 'POST',
        path: '/api/orders/po_000000000000000000/resolve',
        key: 'pok_wrong_key',
      });
    }
    // A person's own mistakes are always listed.
    const operator = await storedKey(world, 'operator');
    for (let n = 0; n < 10; n++) await flooded.send({ path: '/api/keys', key: operator.key });
    await flooded.close();
    const fresh = (await rows()).slice(before);
    const of = (caller: string) => fresh.filter((row) => row.caller === caller);
    expect(of('anonymous').map((row) => row.times)).toEqual([1, 1, 1, 1, 1, 55]);
    expect(of('customer').map((row) => row.times)).toEqual([1, 1, 1, 1, 1, 25]);
    expect(of('operator')).toHaveLength(10);
  });
});
