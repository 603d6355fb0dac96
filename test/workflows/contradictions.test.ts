import { afterAll, beforeAll, expect, it } from 'vitest';
import { confirmPickupUpdate, resolveUpdate, shipmentEventSignal } from '../../src/workflows/messages.js';
import { awaitingPickup, called, inTransit, startedWith } from '../support/flows.js';
import { assertInvariants } from '../support/invariants.js';
import { createWorld, type World } from '../support/world.js';

/** Two words about one order, heard in the same moment or one after the other, that cannot both be carried out. */

let world: World;
beforeAll(async () => {
  world = await createWorld({}, { split: true });
});
afterAll(async () => {
  try {
    await assertInvariants(world);
  } finally {
    await world.close();
  }
});

const by = { kind: 'operator', id: 'somebody' } as const;
const delivery = (id: string) => world.temporal.workflow.getHandle(`delivery-${id}`);

/** Both wait when the worker comes back, and so are heard in one workflow task. */
async function atOnce(first: () => Promise<unknown>, second: () => Promise<unknown>): Promise<void> {
  await world.stopWorker();
  await first();
  const answer = second();
  await world.startWorker();
  await answer;
}

it('the partner has stopped the item, and a person who is told so says that it has left: it has left', async () => {
  const id = await awaitingPickup(world);
  await world.sandbox.modes({ prefix: id, cancellation: 'silent' });
  await world.command(id, 'cancel');
  await world.untilStatus(id, 'cancellation_requested');
  const event = { eventId: 'evt_stopped', kind: 'cancelled', attempt: 1, at: Date.now() } as const;
  await atOnce(
    () => delivery(id).signal(shipmentEventSignal, event),
    () => delivery(id).executeUpdate(confirmPickupUpdate, { args: [{ by }] }),
  );
  await world.untilStatus(id, 'in_transit');
  await world.command(id, 'confirm-delivery');
  expect(await world.untilStatus(id, 'completed')).toMatchObject({ reservation: { status: 'consumed' } });
});

it('a decision about a partner who was silent does not decide a cancel that came before it', async () => {
  const id = await startedWith(world, { acceptance: 'silent', cancellation: 'reject' });
  await world.fastForward(id, { by: '3d' });
  await called(world, id, 'partner_silent');
  const resolution = { action: 'cancel', by, reason: 'partner_silent' } as const;
  await atOnce(
    () => delivery(id).signal('cancelRequested', { reason: 'customer', by }),
    () => delivery(id).executeUpdate(resolveUpdate, { args: [resolution] }),
  );
  // The partner was asked, and refuses: nobody has decided to cancel without its word.
  await world.until(id, (order) => order.status === 'fulfillment_requested' && order.needsAttention === null);
  expect((await world.sandbox.shipments(id)).map(({ status }) => status)).toEqual(['submitted']);
  await world.sandbox.answer(id, 'accepted');
  await world.untilStatus(id, 'awaiting_pickup');
  await world.command(id, 'item-picked');
  await world.untilStatus(id, 'in_transit');
  await world.command(id, 'confirm-delivery');
  await world.untilStatus(id, 'completed');
});

it('a cancel was noted: the item is not shipped again, whatever asks for it', async () => {
  const id = await inTransit(world);
  await world.sandbox.scan(id, 'failure', 'damaged');
  await called(world, id, 'delivery_failed');
  await world.command(id, 'cancel');
  const resolution = { action: 'reship', by } as const;
  expect(await delivery(id).executeUpdate(resolveUpdate, { args: [resolution] })).toMatchObject({
    done: false,
    message: expect.stringContaining('the money promised') as string,
  });
  await world.resolve(id, 'refund');
  await world.untilStatus(id, 'cancelled');
});

it('a cancel was refused, and that is over: what comes back damaged later may be shipped again', async () => {
  const id = await awaitingPickup(world);
  await world.sandbox.modes({ prefix: id, cancellation: 'reject' });
  await world.command(id, 'cancel');
  await world.until(id, (order) => order.status === 'awaiting_pickup' && order.cancelRequestedAt !== null);
  await world.command(id, 'item-picked');
  await world.untilStatus(id, 'in_transit');
  await world.sandbox.scan(id, 'failure', 'damaged');
  const order = await called(world, id, 'delivery_failed');
  expect(order.needsAttention?.allowedActions).toContain('reship');
  expect((await world.resolve(id, 'reship')).body.answer).toBe('accepted');
  await world.untilStatus(id, 'awaiting_pickup');
  await world.command(id, 'item-picked');
  await world.untilStatus(id, 'in_transit');
  await world.command(id, 'confirm-delivery');
  await world.untilStatus(id, 'completed');
});
