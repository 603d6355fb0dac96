import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OrderList } from '../../src/contract/api.js';
import type { Books } from '../../src/contract/books.js';
import type { Figures } from '../../src/contract/console.js';
import { awaitingPickup, called, placed } from '../support/flows.js';
import { createWorld, type World } from '../support/world.js';
import { createHttp, type Http } from './support/http.js';
import { orderBody } from './support/orders.js';

let world: World;
let http: Http;
beforeAll(async () => {
  world = await createWorld();
  http = createHttp(world.url, world.operatorKey);
});
afterAll(async () => {
  http.close();
  await world.close();
});

async function list(query: Record<string, string>): Promise<OrderList> {
  const got = await http.send({ path: `/api/orders?${new URLSearchParams(query).toString()}` });
  expect(got.status, got.text).toBe(200);
  return got.body as unknown as OrderList;
}
const ids = async (query: Record<string, string>): Promise<string[]> =>
  (await list(query)).orders.map(({ orderId }) => orderId);

async function placedBy(sku: string, name: string, email: string): Promise<string> {
  const customer = { ...orderBody(sku).customer, name, email };
  const headers = { 'idempotency-key': crypto.randomUUID() };
  const body = orderBody(sku, { customer });
  const got = await http.send({ method: 'POST', path: '/api/orders', body, headers, key: null });
  expect(got.status, got.text).toBe(201);
  return String(got.body.orderId);
}

describe('the list of orders', () => {
  let sku: string;
  let grace: string;
  let linus: string;
  beforeAll(async () => {
    sku = await world.addProduct({ name: 'Turntable Deluxe' });
    grace = await placedBy(sku, 'Grace Brewster Hopper', 'amazing.grace@navy.example');
    linus = await placedBy(sku, 'Linus O’Neill', 'linus@kernel.example');
  });

  it.each(['hopper', 'GRACE', 'brew hop', 'amazing.grace@navy', 'navy', 'amazing'])(
    'finds a customer by the beginnings of words: %s',
    async (q) => expect(await ids({ q })).toEqual([grace]),
  );

  it('finds orders by the beginning of an id, a part of a product’s name, and a tracking code', async () => {
    expect(await ids({ q: grace.slice(0, 17) })).toContain(grace);
    expect(await ids({ q: grace })).toEqual([grace]);
    expect(await ids({ q: 'table del' })).toEqual([linus, grace]);
    const picked = await awaitingPickup(world);
    const { shipment } = await world.order(picked);
    expect(await ids({ q: shipment?.trackingCode?.toLowerCase().slice(0, -1) ?? 'none' })).toContain(picked);
  });

  it('finds an order by what the gateway and an error call it by', async () => {
    const id = await placed(world);
    await world.command(id, 'cancel');
    const { payment, refund } = await world.until(
      id,
      (order) => order.refund?.status === 'succeeded',
      'paid',
    );
    const refused = await http.send({ method: 'POST', path: `/api/orders/${id}/item-picked` });
    expect(refused.status).toBe(409);
    for (const q of [payment.gatewayId, refund?.gatewayId, refused.headers['x-request-id']])
      expect(await ids({ q: String(q) }), String(q)).toEqual([id]);
    // The gateway's word about a charge comes by a webhook, some time.
    const charge = sql<{ id: string }>`select payload #>> '{data,object,latest_charge}' as id from inbox
      where payload #>> '{data,object,id}' = ${payment.gatewayId} and type = 'payment_intent.succeeded'`;
    await expect.poll(async () => (await charge.execute(world.database.db)).rows.length).toBe(1);
    const q = (await charge.execute(world.database.db)).rows[0]?.id ?? '';
    expect(q).toMatch(/^ch_/);
    expect(await ids({ q })).toEqual([id]);
    expect(await ids({ q: `${q}0` })).toEqual([]);
  });

  it('filters by what became of a refund', async () => {
    const of = await world.addProduct();
    const id = await placed(world, { sku: of, paymentMethod: 'pm_card_pendingRefund' });
    await world.command(id, 'cancel');
    await world.until(id, (order) => order.refund?.status === 'pending', 'refund pending');
    expect(await ids({ sku: of, refund: 'pending' })).toEqual([id]);
    expect(await ids({ sku: of, refund: 'failed' })).toEqual([]);
    await world.sandbox.refundStatus((await world.sandbox.books(id))[0]?.refunds[0]?.id ?? '', 'failed');
    await called(world, id, 'refund_failed');
    expect(await ids({ sku: of, refund: 'failed' })).toEqual([id]);
    await world.resolve(id, 'settle_outside', 'SEPA 1');
    await world.until(id, (order) => order.refund?.status === 'settled_outside', 'settled');
    expect([
      ...(await ids({ sku: of, refund: 'failed' })),
      ...(await ids({ sku: of, refund: 'pending' })),
    ]).toEqual([]);
  });

  it('says where an order goes to on its own page, to operators alone', async () => {
    const { address } = orderBody(sku).customer;
    const got = await http.send({ path: `/api/orders/${grace}` });
    expect(got.body.customer).toMatchObject({ address });
    const own = await world.place({ sku });
    const theirs = await http.send({ path: `/api/orders/${own.body.orderId}`, key: own.body.token });
    expect(theirs.text).not.toContain(address.street);
  });

  it('filters by the currency that was paid in', async () => {
    const jpy = await world.addProduct({ currency: 'JPY' });
    const id = await placed(world, { sku: jpy });
    expect(await ids({ currency: 'JPY' })).toEqual([id]);
    expect(await ids({ currency: 'JPY', sku })).toEqual([]);
  });

  it.each(['opper', '%', '_', '---', "'; drop table orders", 'grace linus', 'po_%'])(
    'finds nothing where there is nothing: %s',
    async (q) => expect(await ids({ q })).toEqual([]),
  );

  it('shows an operator whose order it is, and a customer nothing new', async () => {
    const [first] = (await list({ q: grace })).orders;
    expect(first?.customer).toEqual({ name: 'Grace Brewster Hopper', email: 'amazing.grace@navy.example' });
    const own = await world.place({ sku });
    const got = await http.send({ path: `/api/orders/${own.body.orderId}`, key: own.body.token });
    expect(got.body).not.toHaveProperty('customer');
  });

  it('filters by several statuses, product and deadline together', async () => {
    const gone = await placed(world, { sku });
    await world.command(gone, 'cancel');
    await world.untilStatus(gone, 'cancelled');
    expect(await ids({ sku, status: 'cancelled,completed' })).toEqual([gone]);
    expect(await ids({ sku, open: 'true' })).not.toContain(gone);
    const { deadline } = await world.order(grace);
    expect(await ids({ sku, deadlineBefore: deadline })).toEqual([]);
    const later = new Date(Date.parse(deadline) + 1000).toISOString();
    expect(await ids({ sku, deadlineBefore: later, q: 'hopper' })).toEqual([grace]);
  });

  it('finds deadlines that are near or past by the orders’ own clocks, and only of those that still wait', async () => {
    const one = () => placed(world, { sku });
    const [far, past, gone, near, nearer] = [await one(), await one(), await one(), await one(), await one()];
    const { db } = world.database;
    const due = (id: string, inDays: number) =>
      db
        .updateTable('orders')
        .set({ deadline_at: new Date(Date.now() + inDays * 86_400_000).toISOString() })
        .where('id', '=', id)
        .execute();
    const { timeLeftMs } = await world.order(near);
    const moved = await http.send({
      method: 'POST',
      path: `/api/orders/${near}/fast-forward`,
      body: { by: `${Math.floor((timeLeftMs - 6 * 86_400_000) / 1000)}s` },
    });
    expect(moved.status, moved.text).toBe(200);
    await world.command(gone, 'cancel');
    await world.untilStatus(gone, 'cancelled');
    await Promise.all([due(past, -1), due(gone, 3), due(nearer, 3), due(far, 8)]);
    expect(await ids({ sku, deadlineNear: 'true', sort: 'deadline' })).toEqual([past, nearer, near]);
    expect(await ids({ sku, deadlineNear: 'false' })).toContain(far);
  });

  it.each(['-placed', 'placed', 'deadline', '-deadline', 'updated', '-updated'])(
    'goes through every order once, page by page, sorted by %s',
    async (sort) => {
      const whole = await ids({ sort, limit: '200' });
      expect(whole.length).toBeGreaterThan(4);
      const seen: string[] = [];
      for (let after: string | null | undefined; after !== null;) {
        const page: OrderList = await list({ sort, limit: '2', ...(after ? { after } : {}) });
        seen.push(...page.orders.map(({ orderId }) => orderId));
        after = page.next;
      }
      expect(seen).toEqual(whole);
    },
  );
});

describe('what each product has come to', () => {
  it('agrees with what happened to its orders', async () => {
    const sku = await world.addProduct({ capacity: 10 });
    const [kept, gone, shipped] = [
      await placed(world, { sku }),
      await placed(world, { sku }),
      await awaitingPickup(world, { sku }),
    ];
    await world.command(gone, 'cancel');
    await world.untilStatus(gone, 'cancelled');
    await world.command(shipped, 'item-picked');
    await world.untilStatus(shipped, 'in_transit');
    await world.command(shipped, 'confirm-delivery');
    const { amount } = await world.untilStatus(shipped, 'completed');
    expect((await world.order(kept)).status).toBe('awaiting_release');
    await world.until(gone, (order) => order.refund?.status === 'succeeded', 'refunded');
    const { products } = (await http.send({ path: '/api/products/figures' })).body as unknown as Figures;
    expect(products.find((product) => product.sku === sku)).toMatchObject({
      ...{
        capacity: 10,
        left: 8,
        orders: 3,
        sold: 2,
        held: 0,
        reserved: 1,
        consumed: 1,
        delivered: 1,
        cancelled: 1,
      },
      ...{ charged: 3 * amount, refunded: amount, undelivered: amount, earned: amount, refundsOnTheirWay: 0 },
      ...{ awaitingRelease: 1, needsAttention: 0, open: true },
    });
  });

  it('holds no money for goods that is on its way back or at a customer’s bank, as the books say', async () => {
    const sku = await world.addProduct({ capacity: 10 });
    const kept = await placed(world, { sku });
    const disputed = await placed(world, { sku });
    await world.sandbox.dispute(disputed);
    const owed = await placed(world, { sku, paymentMethod: 'pm_card_pendingRefund' });
    await world.command(owed, 'cancel');
    await world.untilStatus(owed, 'cancelled');
    await world.until(disputed, (order) => order.payment.status === 'disputed', 'disputed');
    const { amount } = await world.order(kept);
    const { products } = (await http.send({ path: '/api/products/figures' })).body as unknown as Figures;
    const figures = products.find((product) => product.sku === sku);
    expect(figures).toMatchObject({ charged: 3 * amount, refundsOnTheirWay: amount, disputed: amount });
    const books = (await http.send({ path: `/api/books?product=${sku}` })).body as unknown as Books;
    expect(books.products[0]?.held).toBe(amount);
    expect(figures?.undelivered).toBe(amount);
  });
});
