import { randomUUID } from 'node:crypto';
import { sql, type RawBuilder } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BulkPreview, BulkResult } from '../../src/contract/console.js';
import { awaitingPickup, inTransit, placed } from '../support/flows.js';
import { createWorld, type World } from '../support/world.js';
import { storedKey } from './support/callers.js';
import { createHttp, type Got, type Http } from './support/http.js';

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

const bulk = (body: object, key: string | null = randomUUID(), as?: string): Promise<Got> =>
  http.send({
    method: 'POST',
    path: '/api/orders/bulk',
    body,
    headers: key === null ? {} : { 'idempotency-key': key },
    ...(as ? { key: as } : {}),
  });
const preview = async (wish: object): Promise<BulkPreview> => {
  const got = await bulk({ ...wish, preview: true });
  expect(got.status, got.text).toBe(200);
  return got.body as unknown as BulkPreview;
};
const run = async (wish: object, key = randomUUID(), as?: string): Promise<BulkResult> => {
  const got = await bulk({ ...wish, preview: false }, key, as);
  expect(got.status, got.text).toBe(200);
  return got.body as unknown as BulkResult;
};
/** On a loaded machine some of the others are not confirmed yet. */
const refusedIn = ({ results }: BulkResult) => results.filter(({ answer }) => answer === 'rejected');
const several = (sku: string, n: number): Promise<string[]> =>
  Promise.all(Array.from({ length: n }, () => placed(world, { sku })));
/** Rows like this order's and younger, of which nobody but the list knows: no triggers, no workflows. */
const copied = (orderId: string, n: number): Promise<void> =>
  withoutTriggers(sql`insert into orders
    select (jsonb_populate_record(o, jsonb_build_object(
      'id', 'po_zzzzzzzzz' || lpad(i::text, 9, '0'), 'idempotency_key', 'copy ' || i))).*
    from orders o, generate_series(1, ${n}::int) i where o.id = ${orderId}`);
const uncopied = (): Promise<void> => withoutTriggers(sql`delete from orders where id like 'po_zzzzzzzzz%'`);
const withoutTriggers = (write: RawBuilder<unknown>): Promise<void> =>
  world.database.db.transaction().execute(async (tx) => {
    await sql`set local session_replication_role = replica`.execute(tx);
    await write.execute(tx);
  });

describe('one command for many orders', () => {
  it('says beforehand how many and how much, and what the state does not allow', async () => {
    const sku = await world.addProduct();
    const waiting = await several(sku, 2);
    const gone = await inTransit(world, { sku });
    const booked = await awaitingPickup(world, { sku });
    const { amount } = await world.order(gone);
    const orderIds = [...waiting, booked, gone, 'po_000000000000000000'];
    expect(await preview({ command: 'cancel', orderIds })).toEqual({
      preview: true,
      command: 'cancel',
      matched: 4,
      allowed: 3,
      orderIds: [...waiting, booked].sort(),
      left: 0,
      notAllowed: [{ status: 'in_transit', count: 1, text: expect.stringContaining('on its way') as string }],
      money: [{ currency: 'USD', amount: 2 * amount, amountText: expect.any(String) as string, orders: 2 }],
      // The partner may refuse.
      mayGoBack: [{ currency: 'USD', amount, amountText: expect.any(String) as string, orders: 1 }],
      unknown: ['po_000000000000000000'],
    });
    for (const id of waiting) expect((await world.order(id)).status).toBe('awaiting_release');
  });

  it('counts no money among what goes back that a customer’s bank has taken already', async () => {
    const sku = await world.addProduct();
    const [disputed = '', partly = '', other = ''] = await several(sku, 3);
    await world.sandbox.dispute(disputed);
    await world.sandbox.dispute(partly, 100);
    for (const id of [disputed, partly])
      await world.until(id, (order) => order.payment.status === 'disputed', 'disputed');
    const { amount } = await world.order(other);
    const { allowed, money, mayGoBack } = await preview({ command: 'cancel', filter: { sku } });
    expect({ allowed, money, mayGoBack }).toMatchObject({
      allowed: 3,
      money: [{ amount: 2 * amount - 100, orders: 2 }],
      mayGoBack: [],
    });
    const worth = await preview({ command: 'start-fulfillment', filter: { sku } });
    expect(worth.money).toMatchObject([{ amount: 3 * amount, orders: 3 }]);
  });

  it('asks the orders that the preview named, each once, whatever comes and goes meanwhile', async () => {
    const sku = await world.addProduct();
    const ids = (await several(sku, 12)).sort();
    const gone = ids[11] ?? '';
    const { allowed, orderIds } = await preview({
      command: 'cancel',
      filter: { sku, status: 'awaiting_release' },
    });
    expect(allowed).toBe(12);
    expect(orderIds).toEqual(ids);

    const later = await placed(world, { sku });
    const parts = [ids.slice(0, 10), ids.slice(10)];
    const [first, second] = parts.map((part) => ({ command: 'start-fulfillment', orderIds: part }));
    const begun = await run(first ?? {});
    expect(refusedIn(begun)).toEqual([]);
    expect(begun.results.map(({ orderId }) => orderId)).toEqual(parts[0]);
    await world.command(gone, 'cancel');
    await world.untilStatus(gone, 'cancelled');
    const key = randomUUID();
    const ended = await run(second ?? {}, key);
    expect(ended.results.map(({ orderId }) => orderId)).toEqual(parts[1]);
    const refused = [{ orderId: gone, message: expect.stringContaining('it is cancelled') as string }];
    expect(refusedIn(ended)).toMatchObject(refused);
    expect(refusedIn(await run(second ?? {}, key))).toMatchObject(refused);
    expect((await world.order(later)).status).toBe('awaiting_release');
    const commands = await world.database.db
      .selectFrom('commands')
      .select('order_id')
      .where('order_id', 'in', ids)
      .where('kind', '=', 'start-fulfillment')
      .execute();
    expect(commands.map(({ order_id }) => order_id).sort()).toEqual(ids.filter((id) => id !== gone));
  });

  it('names the oldest 10,000 of more, and says how many are left and what the named ones are worth', async () => {
    const sku = await world.addProduct();
    const [oldest = ''] = await several(sku, 1);
    const { amount } = await world.order(oldest);
    await copied(oldest, 10_002);
    const wish = { command: 'start-fulfillment', filter: { sku } };
    const { allowed, left, orderIds, money } = await preview(wish);
    expect({ allowed, left }).toEqual({ allowed: 10_003, left: 3 });
    expect(orderIds).toHaveLength(10_000);
    expect([orderIds[0], orderIds.at(-1)]).toEqual([oldest, 'po_zzzzzzzzz000009999']);
    expect(money).toMatchObject([{ amount: 10_000 * amount, orders: 10_000 }]);
    await uncopied();
  });

  it('under the same key never asks what it refused at first, even if it could be asked by now', async () => {
    const [id = ''] = await several(await world.addProduct(), 1);
    const { db } = world.database;
    const move = (status: 'reserving' | 'awaiting_release') =>
      db.updateTable('orders').set({ status }).where('id', '=', id).execute();
    const wish = { command: 'start-fulfillment', orderIds: [id] };
    const key = randomUUID();
    await move('reserving');
    expect((await run(wish, key)).counts).toEqual({ rejected: 1 });
    await move('awaiting_release');
    expect((await run(wish, key)).counts).toEqual({ rejected: 1 });
    expect((await run(wish)).counts).toEqual({ accepted: 1 });
  });

  it('answers a cancel of what is cancelled as a single cancel does, and says of what does not exist just that', async () => {
    const ids = await several(await world.addProduct(), 2);
    const [cancelling = ''] = ids;
    for (const id of ids) await world.command(id, 'cancel');
    for (const id of ids)
      await expect.poll(async () => (await world.order(id)).refund?.status).toBe('succeeded');
    for (const id of ids) await world.untilStatus(id, 'cancelled');
    const { db } = world.database;
    await db.updateTable('orders').set({ status: 'cancelling' }).where('id', '=', cancelling).execute();
    const wish = { command: 'cancel', orderIds: [...ids, 'po_000000000000000000'] };
    const { allowed, notAllowed } = await preview(wish);
    expect({ allowed, notAllowed }).toEqual({
      allowed: 0,
      notAllowed: [
        { status: 'cancelled', count: 1, text: 'It is cancelled.' },
        { status: 'cancelling', count: 1, text: 'It is being cancelled.' },
      ],
    });
    const { results } = await run(wish);
    const single = await Promise.all(ids.map(async (id) => (await world.command(id, 'cancel')).body));
    expect(results).toEqual([
      ...single.map(({ orderId, answer, message }) => ({ orderId, answer, message })),
      { orderId: 'po_000000000000000000', answer: 'rejected', message: 'There is no such order.' },
    ]);
    expect(results.map(({ message }) => message).slice(0, 2)).toEqual([
      'The order is being cancelled. The refund has been paid out.',
      'The order is cancelled. The refund has been paid out.',
    ]);
  });

  it('leaves an entry in the audit of each order, under the name of who asked', async () => {
    const ada = await storedKey(world, 'operator');
    const ids = await several(await world.addProduct(), 2);
    await run({ command: 'cancel', orderIds: ids }, randomUUID(), ada.key);
    for (const id of ids) {
      const { body } = await http.send({ path: `/api/orders/${id}/audit` });
      const { entries } = body as unknown as { entries: object[] };
      expect(entries.at(-1)).toMatchObject({ action: 'cancel', keyId: ada.id, outcome: 'accepted' });
    }
  });

  it('under the same key asks for the same once, whatever has happened to them meanwhile', async () => {
    const ids = await several(await world.addProduct(), 3);
    const wish = { command: 'cancel', orderIds: ids };
    const key = randomUUID();
    const first = await run(wish, key);
    for (const id of ids) await world.untilStatus(id, 'cancelled');
    expect(await run(wish, key)).toEqual(first);
    const other = await bulk({ command: 'cancel', orderIds: ids.slice(1), preview: false }, key);
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    const commands = await world.database.db
      .selectFrom('commands')
      .select('id')
      .where('order_id', 'in', ids)
      .execute();
    expect(commands).toHaveLength(3);
    for (const id of ids) {
      const [book] = await world.sandbox.books(id);
      expect(book).toMatchObject({ charges: 1, refundedMinor: book?.chargedMinor });
    }
  });

  it('refuses what it cannot mean', async () => {
    const ids = await several(await world.addProduct(), 1);
    const run = { command: 'cancel', orderIds: ids, preview: false };
    expect((await bulk(run, null)).status).toBe(400);
    expect((await bulk({ ...run, orderIds: undefined, filter: {} })).status).toBe(400);
    expect((await bulk({ ...run, orderIds: Array.from({ length: 201 }, () => ids[0]) })).status).toBe(400);
    const nobody = (_: unknown, i: number): string => `po_${String(i).padStart(18, '0')}`;
    expect((await bulk({ ...run, orderIds: Array.from({ length: 200 }, nobody) })).status).toBe(200);
    expect((await bulk({ ...run, filter: {} })).status).toBe(400);
    expect((await bulk({ ...run, orderIds: undefined })).status).toBe(400);
    expect((await bulk({ ...run, command: 'confirm-delivery' })).status).toBe(400);
    expect((await world.order(ids[0] ?? '')).status).toBe('awaiting_release');
  });
});
