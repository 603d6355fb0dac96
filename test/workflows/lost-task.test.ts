import { asyncLocalStorage, type Context } from '@temporalio/activity';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Activities } from '../../src/activities/index.js';
import { startFulfillmentUpdate } from '../../src/workflows/messages.js';
import { activitiesOf } from '../support/activities.js';
import { atRest, awaitingPickup, placed, undone } from '../support/flows.js';
import { assertInvariants } from '../support/invariants.js';
import { createWorld, type World } from '../support/world.js';

/**
 * A worker dies, or stands still, after its activities have done something and before the workflow task is completed:
 * what was done stays, nobody knows of it, and the task that takes its place may decide something else. ADR 019.
 */

let world: World;
let lost: Activities;
beforeAll(async () => {
  world = await createWorld({}, { split: true });
  lost = activitiesOf(world);
});
afterAll(async () => {
  try {
    await assertInvariants(world);
  } finally {
    await world.close();
  }
});

const row = (id: string) =>
  world.database.db.selectFrom('orders').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

/** The next stamp of the workflow that carries the order. */
async function stampOf(id: string, writes = 1) {
  const { version, written_at } = await row(id);
  return { orderId: id, version: version + writes, at: Math.max(Date.now(), (written_at ?? 0) + 1) };
}

const doing = <T>(work: () => Promise<T>): Promise<T> =>
  asyncLocalStorage.run({ info: { attempt: 1 } } as unknown as Context, work);

/** Asks while no worker is there; answered once one is. */
async function worker(work: () => Promise<unknown>): Promise<void> {
  await world.stopWorker();
  await work();
  await world.startWorker();
}

const shipments = async (id: string) => (await world.sandbox.shipments(id)).map(({ status }) => status);
const booked = async (id: string) => lost.createFulfillmentOrder({ ...(await stampOf(id)), attempt: 1 });

describe('a task that is lost after it', () => {
  it('charged and reserved, and then the order is cancelled first', async () => {
    let id = '';
    await worker(async () => {
      ({ id } = await world.placing());
      await doing(async () => lost.chargePayment(await stampOf(id)));
      await doing(async () => lost.reserveInventory(await stampOf(id)));
      expect(await row(id)).toMatchObject({ status: 'awaiting_release', version: 2 });
      void world.command(id, 'cancel');
      await commanded(id);
    });
    await world.untilStatus(id, 'cancelled');
    expect(await undone(world, id)).toEqual(['release-inventory: released', 'refund-payment: refunded']);
  });

  it('booked, and then the order is cancelled first', async () => {
    const id = await placed(world);
    await atRest(world, `order-${id}`);
    await worker(() => booked(id));
    expect((await world.command(id, 'cancel')).body.answer).toBe('accepted');
    await world.untilStatus(id, 'cancelled');
    expect(await shipments(id)).toEqual(['cancelled']);
    expect(await undone(world, id)).toEqual([
      'cancel-fulfillment-order: cancelled',
      'release-inventory: released',
      'refund-payment: refunded',
    ]);
  });

  it('gave the money back, and then fulfillment is started first', async () => {
    const id = await placed(world);
    await atRest(world, `order-${id}`);
    await worker(async () => {
      await lost.beginCancelling({ ...(await stampOf(id)), reason: 'merchant' });
      const undo = { orderId: id, at: Date.now() };
      const release = { ...undo, step: 'release-inventory', undoes: 'reserve-inventory' };
      await doing(() => lost.releaseInventory(release));
      const refund = { ...undo, step: 'refund-payment', undoes: 'charge-payment' };
      await doing(() => lost.refundPayment(refund));
    });
    await startAnyway(id);
    await world.untilStatus(id, 'cancelled');
    expect(await shipments(id)).toEqual([]);
    expect((await world.sandbox.books(id)).flatMap(({ refunds }) => refunds)).toHaveLength(1);
  });

  it('called a person and asked the partner to stop the item, and then it is picked up', async () => {
    const id = await awaitingPickup(world);
    await worker(async () => {
      await world.sandbox.modes({ prefix: id, cancellation: 'silent' });
      const { at } = await stampOf(id);
      await lost.callPerson({ orderId: id, reason: 'pickup_overdue', since: at, dueAt: at });
      await lost.requestCancellation({ ...(await stampOf(id)), attempt: 1 });
    });
    await world.sandbox.scan(id, 'in_transit');
    expect(await world.untilStatus(id, 'in_transit')).toMatchObject({ needsAttention: null });
    await world.command(id, 'confirm-delivery');
    expect(await world.untilStatus(id, 'completed')).toMatchObject({ reservation: { status: 'consumed' } });
  });
});

it('a pickup that such a task has recorded is not asked for any more', async () => {
  const id = await awaitingPickup(world);
  const scan = { ...(await stampOf(id)), attempt: 1, eventAt: Date.now() };
  const reminder = { orderId: id, attempt: 1 };
  await lost.sendPickupReminder({ ...reminder, n: 1 });
  await lost.recordPickup(scan);
  await lost.sendPickupReminder({ ...reminder, n: 2 });
  expect(await world.sandbox.shipments(id)).toMatchObject([{ reminders: 1 }]);
  await world.sandbox.scan(id, 'in_transit');
  await world.sandbox.scan(id, 'delivered');
  await world.untilStatus(id, 'completed');
});

/** The command is kept, before anybody can carry it out. */
async function commanded(id: string): Promise<void> {
  await expect
    .poll(async () => {
      const { db } = world.database;
      return db.selectFrom('commands').select('id').where('order_id', '=', id).executeTakeFirst();
    })
    .toBeDefined();
}

/** By a start that was asked for while the row still allowed it. */
async function startAnyway(id: string): Promise<void> {
  const by = { kind: 'operator', id: 'somebody' } as const;
  await world.temporal.workflow
    .getHandle(`order-${id}`)
    .executeUpdate(startFulfillmentUpdate, { args: [{ by }] });
}
