import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OrderList } from '../../src/contract/api.js';
import type { NeedsMe } from '../../src/contract/console.js';
import { DAY } from '../../src/domain/deadline.js';
import { called, placed, startedWith } from '../support/flows.js';
import { createWorld, type World } from '../support/world.js';
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

const ids = async (query: Record<string, string>): Promise<string[]> => {
  const got = await http.send({ path: `/api/orders?${new URLSearchParams(query).toString()}` });
  return (got.body as unknown as OrderList).orders.map(({ orderId }) => orderId);
};
const needsMe = async (): Promise<NeedsMe> =>
  (await http.send({ path: '/api/needs-me' })).body as unknown as NeedsMe;

it('names calls with their proposals, near deadlines and refunds that failed, and counts them', async () => {
  const far = await placed(world);
  const near = await placed(world);
  const { timeLeftMs } = await world.order(near);
  const moved = await http.send({
    method: 'POST',
    path: `/api/orders/${near}/fast-forward`,
    body: { by: `${Math.floor((timeLeftMs - 6 * 86_400_000) / 1000)}s` },
  });
  expect(moved.status, moved.text).toBe(200);
  const stuck = await startedWith(world, { acceptance: 'reject' }, { quantity: 2 });
  await called(world, stuck, 'partner_rejected');
  const proposal = (await world.resolve(stuck, 'cancel')).body.proposalId;
  const back = await placed(world);
  await world.command(back, 'cancel');
  await world.until(back, (order) => order.refund?.status === 'succeeded', 'refunded');
  await world.sandbox.refundStatus((await world.order(back)).refund?.gatewayId ?? '', 'failed');
  await called(world, back, 'refund_failed');

  const { items, counts } = await needsMe();
  const of = (id: string) =>
    items.flatMap((item) => (item.kind !== 'deadlines' && item.orderId === id ? [item] : []));
  expect(of(far)).toEqual([]);
  expect(of(near)).toMatchObject([
    { kind: 'deadline', reason: 'deadline_near', defaultAction: 'start-fulfillment' },
  ]);
  expect(of(stuck)).toMatchObject([
    {
      kind: 'attention',
      reason: 'partner_rejected',
      allowedActions: ['rebook', 'cancel'],
      proposal: { id: proposal, action: 'cancel', proposedBy: { kind: 'operator', id: 'operator' } },
    },
  ]);
  expect(
    of(back)
      .map(({ kind, reason }) => `${kind} ${reason}`)
      .sort(),
  ).toEqual(['attention refund_failed', 'refund refund_failed']);
  // Both are one trouble, and decided by the same decisions.
  for (const item of of(back))
    expect(item).toMatchObject({ call: 'refund_failed', allowedActions: ['retry', 'settle_outside'] });
  const { total, ...kinds } = counts;
  expect(Object.values(kinds).reduce((sum, n) => sum + n, 0)).toBe(total);
  expect(total).toBe(items.length);
});

it('makes one of what is due together, with the filter that finds just these orders', async () => {
  const releaseDate = new Date(Date.now() - 4 * DAY).toISOString();
  const [sku, other] = [await world.addProduct({ releaseDate }), await world.addProduct({ releaseDate })];
  const due = [await placed(world, { sku }), await placed(world, { sku, quantity: 2 })];
  const alone = await placed(world, { sku: other });
  const moved = await placed(world, { sku });
  await world.fastForward(moved, { by: '1d' });

  const { items } = await needsMe();
  const { amount, deadline } = await world.order(due[0] ?? '');
  const group = items.find((item) => item.kind === 'deadlines' && item.sku === sku);
  expect(group).toMatchObject({
    ...{
      orders: 2,
      amount: 3 * amount,
      dueAt: deadline,
      text: expect.stringContaining('2 orders of') as string,
    },
  });
  if (group?.kind !== 'deadlines') throw new Error('no group');
  // The moved one has its own day, and the list goes by the calendar.
  expect((await ids({ ...group.filter, sort: 'deadline' })).sort()).toEqual([...due, moved].sort());
  const singles = items.flatMap((item) => (item.kind === 'deadline' ? [item.orderId] : []));
  expect(singles).toEqual(expect.arrayContaining([alone, moved]));
  expect(singles).not.toEqual(expect.arrayContaining([due[0]]));

  const theDayAfter = {
    ...group.filter,
    deadlineFrom: group.filter.deadlineBefore,
    deadlineBefore: '2199-01-01T00:00:00Z',
  };
  expect(await ids(theDayAfter)).toEqual([]);
});

it('counts the orders that the filter of near deadlines finds, those of the last hours and past ones included', async () => {
  const sku = await world.addProduct();
  const [past, last, far] = [
    await placed(world, { sku }),
    await placed(world, { sku }),
    await placed(world, { sku }),
  ];
  const due = (id: string, at: number) =>
    world.database.db
      .updateTable('orders')
      .set({ deadline_at: new Date(at).toISOString() })
      .where('id', '=', id)
      .execute();
  const midnight = Math.ceil((Date.now() + 7 * DAY) / DAY) * DAY;
  await Promise.all([due(past, Date.now() - DAY), due(last, midnight - 1), due(far, midnight + DAY)]);

  const { items } = await needsMe();
  const counted = items
    .map((item) => (item.kind === 'deadlines' ? item.orders : item.kind === 'deadline' ? 1 : 0))
    .reduce((sum: number, orders) => sum + orders, 0);
  const listed = await ids({ deadlineNear: 'true', limit: '200' });
  expect(listed).toEqual(expect.arrayContaining([past, last]));
  expect(listed).not.toContain(far);
  expect(listed).toHaveLength(counted);
});

it('says of a refund that only waits that there is nothing to do, since when, and until when', async () => {
  const id = await placed(world, { paymentMethod: 'pm_card_pendingRefund' });
  await world.command(id, 'cancel');
  const { refund } = await world.untilStatus(id, 'cancelled');
  const asked = Date.parse(refund?.requestedAt ?? '');
  await world.fastForward(id, { by: '3d' });
  const item = (await needsMe()).items.find((each) => each.kind === 'refund' && each.orderId === id);
  expect(item).toMatchObject({
    ...{ reason: 'refund_pending', call: null, allowedActions: [], since: refund?.requestedAt },
    ...{
      text: expect.stringContaining('Nothing to do') as string,
      dueAt: new Date(asked + 7 * DAY).toISOString(),
    },
  });
  expect(item?.ageMs).toBeGreaterThanOrEqual(3 * DAY);
});
