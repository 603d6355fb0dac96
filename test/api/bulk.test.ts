import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BulkPreview, BulkResult } from '../../src/contract/console.js';
import { inTransit, placed } from '../support/flows.js';
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
const run = async (wish: object, expected: number, key = randomUUID(), as?: string): Promise<BulkResult> => {
  const got = await bulk({ ...wish, preview: false, expected }, key, as);
  expect(got.status, got.text).toBe(200);
  return got.body as unknown as BulkResult;
};
const several = (sku: string, n: number): Promise<string[]> =>
  Promise.all(Array.from({ length: n }, () => placed(world, { sku })));

describe('one command for many orders', () => {
  it('says beforehand how many and how much, and what the state does not allow', async () => {
    const sku = await world.addProduct();
    const waiting = await several(sku, 2);
    const gone = await inTransit(world, { sku });
    const { amount } = await world.order(gone);
    const orderIds = [...waiting, gone, 'po_000000000000000000'];
    expect(await preview({ command: 'cancel', orderIds })).toEqual({
      preview: true,
      command: 'cancel',
      matched: 3,
      allowed: 2,
      notAllowed: [{ status: 'in_transit', count: 1, text: expect.stringContaining('on its way') as string }],
      money: [{ currency: 'USD', amount: 2 * amount, amountText: expect.any(String) as string, orders: 2 }],
      unknown: ['po_000000000000000000'],
    });
    for (const id of waiting) expect((await world.order(id)).status).toBe('awaiting_release');
  });

  it('starts what a filter finds, and leaves what others have meanwhile changed for another look', async () => {
    const sku = await world.addProduct();
    const ids = await several(sku, 3);
    const wish = { command: 'start-fulfillment', filter: { sku, status: 'awaiting_release' } };
    const { allowed } = await preview(wish);
    expect(allowed).toBe(3);
    const later = await placed(world, { sku });
    const changed = await bulk({ ...wish, preview: false, expected: allowed });
    expect(changed).toMatchObject({ status: 409, body: { code: 'selection_changed' } });
    for (const id of ids) expect((await world.order(id)).status).toBe('awaiting_release');

    const { results, counts, remaining } = await run(wish, 4);
    expect(results.map(({ orderId }) => orderId).sort()).toEqual([...ids, later].sort());
    expect(counts).toEqual({ accepted: 4 });
    expect(remaining).toBe(0);
    for (const id of ids) await world.untilStatus(id, 'awaiting_pickup');
  });

  it('leaves an entry in the audit of each order, under the name of who asked', async () => {
    const ada = await storedKey(world, 'operator');
    const ids = await several(await world.addProduct(), 2);
    await run({ command: 'cancel', orderIds: ids }, 2, randomUUID(), ada.key);
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
    const first = await run(wish, 3, key);
    for (const id of ids) await world.untilStatus(id, 'cancelled');
    expect(await run(wish, 3, key)).toEqual(first);
    const other = await bulk({ command: 'cancel', orderIds: ids.slice(1), preview: false, expected: 2 }, key);
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
    const run = { command: 'cancel', orderIds: ids, preview: false, expected: 1 };
    expect((await bulk(run, null)).status).toBe(400);
    expect((await bulk({ ...run, expected: undefined })).status).toBe(400);
    expect((await bulk({ ...run, filter: {} })).status).toBe(400);
    expect((await bulk({ ...run, orderIds: undefined })).status).toBe(400);
    expect((await bulk({ ...run, command: 'confirm-delivery' })).status).toBe(400);
    expect((await world.order(ids[0] ?? '')).status).toBe('awaiting_release');
  });
});
