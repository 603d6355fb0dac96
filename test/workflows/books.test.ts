import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Books } from '../../src/contract/books.js';
import { called, inTransit, placed } from '../support/flows.js';
import { createWorld, type World } from '../support/world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const books = async (query = ''): Promise<Books> => {
  const { status, body } = await world.call<Books>('GET', `/api/books${query}`);
  expect(status).toBe(200);
  return body;
};
const ofProduct = async (sku: string): Promise<Books['products'][number] | undefined> =>
  (await books()).products.find((row) => row.sku === sku);

async function cancelled(sku: string, paymentMethod: string): Promise<string> {
  const id = await placed(world, { sku, paymentMethod });
  await world.command(id, 'cancel');
  await world.untilStatus(id, 'cancelled');
  return id;
}

it('say of each product where its money is, and which orders do not balance', async () => {
  const sku = await world.addProduct({ price: 100 });
  const yen = await world.addProduct({ price: 64_801, currency: 'JPY' });
  await placed(world, { sku: yen, quantity: 2 });
  const waiting = await placed(world, { sku });
  const done = await inTransit(world, { sku });
  await world.command(done, 'confirm-delivery');
  await world.untilStatus(done, 'completed');
  await cancelled(sku, 'pm_card_visa');
  const pending = await cancelled(sku, 'pm_card_pendingRefund');
  const disputed = await placed(world, { sku });
  await world.sandbox.dispute(disputed);
  await called(world, disputed, 'disputed');

  const sums = { charged: 500, refunded: 100, onTheWay: 100, disputed: 100, earned: 100, held: 100 };
  expect(await ofProduct(sku)).toEqual({ sku, currency: 'USD', orders: 5, balanced: 5, ...sums });
  expect(await ofProduct(yen)).toMatchObject({ currency: 'JPY', charged: 129_602, held: 129_602, earned: 0 });
  expect(await books()).toMatchObject({ orders: [], counts: { orders: 6, balanced: 6, unbalanced: 0 } });

  // The bank did not take it: neither back, nor on its way.
  const [book] = await world.sandbox.books(pending);
  await world.sandbox.refundStatus(book?.refunds[0]?.id ?? '', 'failed');
  await called(world, pending, 'refund_failed');
  expect(await ofProduct(sku)).toMatchObject({ balanced: 4, onTheWay: 0, held: 200 });
  const all = await books();
  expect(all.counts).toEqual({ orders: 6, balanced: 5, unbalanced: 1 });
  expect(all.orders).toMatchObject([{ orderId: pending, charged: 100, refunded: 0, balanced: false }]);
  expect((await books(`?product=${yen}`)).counts.unbalanced).toBe(0);

  const first = await books(`?product=${sku}&limit=3`);
  expect(first.orders).toHaveLength(3);
  expect(first.orders[0]).toMatchObject({ orderId: waiting, reservation: 'reserved', balanced: true });
  expect([first.stock.map((row) => row.sku), first.products.map((row) => row.sku)]).toEqual([[sku], [sku]]);
  const rest = await books(`?product=${sku}&limit=3&after=${first.next}`);
  expect([rest.orders.length, rest.next]).toEqual([2, null]);
  expect(new Set([...first.orders, ...rest.orders].map((order) => order.orderId)).size).toBe(5);
  expect((await world.call('GET', '/api/books?product=no-such-thing')).status).toBe(404);
});
