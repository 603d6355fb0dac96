import { afterAll, beforeAll, expect, it } from 'vitest';
import type { History, Notices } from '../../src/contract/console.js';
import { awaitingPickup, placed } from '../support/flows.js';
import { createWorld, type World } from '../support/world.js';
import { storedKey } from './support/callers.js';
import { createHttp, type Http } from './support/http.js';

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

async function historyOf(id: string): Promise<History['facts']> {
  const got = await http.send({ path: `/api/orders/${id}/history` });
  expect(got.status, got.text).toBe(200);
  return (got.body as unknown as History).facts;
}

/** That these stand in the history, in this order. */
function expectInOrder(facts: History['facts'], wanted: Partial<History['facts'][number]>[]): void {
  let at = 0;
  for (const want of wanted) {
    const found = facts.findIndex(
      (fact, i) => i >= at && Object.entries(want).every(([name, value]) => fact[name as 'kind'] === value),
    );
    expect(
      found,
      `${JSON.stringify(want)} after ${at} in ${JSON.stringify(facts, null, 1)}`,
    ).toBeGreaterThanOrEqual(at);
    at = found + 1;
  }
  expect([...facts].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))).toEqual(facts);
}

it('tells a whole life, by whom, and what was moved at the gateway, across months that were skipped', async () => {
  const id = await placed(world);
  const moved = await http.send({
    method: 'POST',
    path: `/api/orders/${id}/fast-forward`,
    body: { to: 'release' },
  });
  expect(moved.status, moved.text).toBe(200);
  const ada = await storedKey(world, 'operator');
  await http.send({ method: 'POST', path: `/api/orders/${id}/start-fulfillment`, key: ada.key });
  await world.untilStatus(id, 'awaiting_pickup');
  await world.command(id, 'item-picked');
  await world.command(id, 'confirm-delivery');
  const { payment, amount } = await world.untilStatus(id, 'completed');
  const facts = await historyOf(id);
  expectInOrder(facts, [
    { kind: 'placed', amount },
    { kind: 'charged', amount, gatewayId: payment.gatewayId ?? '' },
    { kind: 'status', status: 'awaiting_release' },
    { kind: 'time_moved' },
    { kind: 'status', status: 'fulfillment_requested' },
    { kind: 'fulfillment_order' },
    { kind: 'status', status: 'awaiting_pickup' },
    { kind: 'status', status: 'in_transit' },
    { kind: 'earned', amount },
  ]);
  const started = facts.find(
    ({ command, answer }) => command === 'start-fulfillment' && answer === 'accepted',
  );
  expect(started?.by).toEqual({ kind: 'operator', id: ada.id, name: 'operator of a test' });
  // By the order's own clock: the command was given after the release, though the months were skipped.
  expect(Date.parse(started?.at ?? '')).toBeGreaterThanOrEqual(
    Date.parse((await world.order(id)).releaseDate),
  );
});

it('tells once what a lost workflow task did, and the task in its place did again', async () => {
  const id = await placed(world);
  await world.command(id, 'cancel');
  await world.untilStatus(id, 'cancelled');
  const { db } = world.database;
  const told = async (): Promise<(string | undefined)[]> =>
    (await historyOf(id)).filter(({ kind }) => kind === 'status').map(({ status }) => status);
  const before = await told();
  const again = db.selectFrom('order_steps').where('order_id', '=', id);
  const rows = await again.select(['order_id', 'version', 'status', 'at']).orderBy('id').execute();
  const repeated = rows.slice(-2).map((row) => ({ ...row, at: new Date(row.at).toISOString() }));
  await db.insertInto('order_steps').values(repeated).execute();
  expect(before.slice(-2)).toEqual(['cancelling', 'cancelled']);
  expect(await told()).toEqual(before);
});

it('tells how an order was undone, in reverse order, and what became of the refund', async () => {
  const id = await awaitingPickup(world);
  await world.command(id, 'cancel');
  await world.untilStatus(id, 'cancelled');
  await world.until(id, (order) => order.refund?.status === 'succeeded', 'refunded');
  const { refund } = await world.order(id);
  const facts = await historyOf(id);
  expectInOrder(facts, [
    { kind: 'status', status: 'awaiting_pickup' },
    { kind: 'status', status: 'cancelling' },
    { kind: 'undo' },
    { kind: 'undo' },
    { kind: 'status', status: 'cancelled' },
  ]);
  expect(facts).toContainEqual(
    expect.objectContaining({
      kind: 'refund',
      status: 'succeeded',
      gatewayId: refund?.gatewayId,
      amount: refund?.amount,
    }),
  );
});

it('lists the mails to the customer, and when each was handed over', async () => {
  const reply = await world.place();
  const id = reply.body.orderId;
  await expect.poll(() => world.sandbox.mail(id)).toHaveLength(1);
  const notices = async (): Promise<Notices['notices']> =>
    ((await http.send({ path: `/api/orders/${id}/notices` })).body as unknown as Notices).notices;
  await expect.poll(async () => (await notices())[0]?.sentAt).toBeTruthy();
  const [mail] = await world.sandbox.mail(id);
  expect(await notices()).toMatchObject([{ kind: 'order_confirmed', recipient: [mail?.to].flat()[0] }]);
});
