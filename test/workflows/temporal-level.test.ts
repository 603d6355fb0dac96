import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  awaitingPickup,
  called,
  deliveryRuns,
  inTransit,
  placed,
  startedWith,
  terminateDelivery,
  undone,
} from '../support/flows.js';
import { assertInvariants } from '../support/invariants.js';
import { createWorld, type World } from '../support/world.js';
import { eventually } from '../support/eventually.js';

vi.setConfig({ maxConcurrency: 16 });

let world: World;
const terminated = new Set<string>();
beforeAll(async () => {
  world = await createWorld();
});
afterAll(async () => {
  try {
    await assertInvariants(world, undefined, { terminated: (workflowId) => terminated.has(workflowId) });
  } finally {
    await world.close();
  }
});

const cancelRun = (workflowId: string) => world.temporal.workflow.getHandle(workflowId).cancel();
const everything = [
  'cancel-fulfillment-order: cancelled',
  'release-inventory: released',
  'refund-payment: refunded',
];

describe('a cancel from Temporal’s own UI or CLI', () => {
  it.concurrent('while the order waits: compensated like any other', async () => {
    const id = await placed(world);
    await cancelRun(`order-${id}`);
    expect(await world.untilStatus(id, 'cancelled')).toMatchObject({ cancelReason: 'merchant' });
    expect(await undone(world, id)).toEqual(everything.slice(1));
    expect(await world.temporal.workflow.getHandle(`order-${id}`).result()).toMatchObject({
      status: 'cancelled',
    });
  });

  it.concurrent('while the booking is retried', async () => {
    const id = await placed(world);
    await world.sandbox.fault({
      target: 'delivery-partner',
      operation: 'create_shipment',
      kind: 'error_500',
      match: id,
    });
    await world.command(id, 'start-fulfillment');
    await world.untilStatus(id, 'fulfillment_requested');
    await cancelRun(`order-${id}`);
    await world.untilStatus(id, 'cancelled');
    expect(await undone(world, id)).toEqual([
      'cancel-fulfillment-order: nothing_to_cancel',
      ...everything.slice(1),
    ]);
  });

  it.concurrent('of the order while its delivery runs: passed on, the partner is asked', async () => {
    const id = await awaitingPickup(world);
    await cancelRun(`order-${id}`);
    await world.untilStatus(id, 'cancelled');
    expect(await undone(world, id)).toEqual(everything);
  });

  it.concurrent('of the delivery: the partner is asked', async () => {
    const id = await awaitingPickup(world);
    await eventually(() =>
      cancelRun(`delivery-${id}`).then(
        () => true,
        () => false,
      ),
    );
    await world.untilStatus(id, 'cancelled');
    expect(await undone(world, id)).toEqual(everything);
  });

  it.concurrent('of order and delivery in transit: too late, the item is on its way', async () => {
    const id = await inTransit(world);
    await cancelRun(`order-${id}`);
    await cancelRun(`delivery-${id}`);
    // Remembered all the same: should it come back, nobody ships it again.
    await world.until(id, (o) => o.cancelRequestedAt !== null);
    expect((await world.command(id, 'confirm-delivery')).status).toBeLessThan(300);
    await world.untilStatus(id, 'completed');
  });

  it.concurrent('while the partner has been asked to stop it already', async () => {
    const id = await startedWith(world, { cancellation: 'silent' });
    await world.untilStatus(id, 'awaiting_pickup');
    await world.command(id, 'cancel');
    await world.untilStatus(id, 'cancellation_requested');
    await cancelRun(`order-${id}`);
    await cancelRun(`delivery-${id}`);
    await world.sandbox.answer(id, 'cancelled');
    await world.untilStatus(id, 'cancelled');
  });

  it.concurrent('while everything is undone already: it is undone to the end', async () => {
    const id = await placed(world);
    const [book] = await world.sandbox.books(id);
    const { id: fault } = await world.sandbox.fault({
      target: 'payment-gateway',
      operation: 'create_refund',
      kind: 'error_500',
      match: book?.paymentIntent,
    });
    await world.command(id, 'cancel');
    await world.untilStatus(id, 'cancelling');
    await cancelRun(`order-${id}`);
    await world.sandbox.ask('DELETE', `/faults/${fault}`);
    await world.untilStatus(id, 'cancelled');
    expect(await undone(world, id)).toEqual(everything.slice(1));
  });
});

describe('a delivery that is terminated', () => {
  async function terminate(id: string): Promise<void> {
    terminated.add(`delivery-${id}`);
    await terminateDelivery(world, id);
  }

  /** Another one takes over after a pause; a second later its clock is the one to move. */
  async function takenOver(id: string): Promise<void> {
    await world.fastForward(id, { by: '61s' });
    await deliveryRuns(world, id);
  }

  it.concurrent('while pickup is awaited: another takes over', async () => {
    const id = await awaitingPickup(world);
    await terminate(id);
    await takenOver(id);
    expect(await world.command(id, 'item-picked')).toMatchObject({ body: { answer: 'accepted' } });
    expect(await world.command(id, 'confirm-delivery')).toMatchObject({ body: { answer: 'accepted' } });
    await world.untilStatus(id, 'completed');
  });

  it.concurrent('again and again: a person is called, and has it started again at once', async () => {
    const id = await awaitingPickup(world);
    for (const _ of [1, 2]) {
      await terminate(id);
      await world.fastForward(id, { by: '3m' });
      await deliveryRuns(world, id);
    }
    await terminate(id);
    await called(world, id, 'delivery_failing');
    expect(await world.resolve(id, 'restart')).toMatchObject({ body: { answer: 'accepted' } });
    await deliveryRuns(world, id);
    expect(await world.command(id, 'item-picked')).toMatchObject({ body: { answer: 'accepted' } });
    expect(await world.command(id, 'confirm-delivery')).toMatchObject({ body: { answer: 'accepted' } });
    await world.untilStatus(id, 'completed');
    await world.until(id, (o) => o.needsAttention === null);
  });

  it.concurrent('in transit, with a person called: the call can still be answered', async () => {
    const id = await inTransit(world);
    await world.sandbox.scan(id, 'failure', 'damaged');
    await called(world, id, 'delivery_failed');
    await terminate(id);
    await takenOver(id);
    expect((await world.order(id)).needsAttention?.reason).toBe('delivery_failed');
    expect(await world.resolve(id, 'refund')).toMatchObject({ body: { answer: 'accepted' } });
    expect(await world.untilStatus(id, 'cancelled')).toMatchObject({ needsAttention: null });
  });

  it.concurrent('before the partner accepted, and the acceptance came while nobody listened', async () => {
    const id = await startedWith(world, { acceptance: 'silent' });
    await terminate(id);
    await world.sandbox.answer(id, 'accepted');
    await takenOver(id);
    await world.untilStatus(id, 'awaiting_pickup');
  });
});
