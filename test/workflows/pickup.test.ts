import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { awaitingPickup, called, started, startedWith, undone } from '../support/flows.js';
import { assertInvariants } from '../support/invariants.js';
import { createWorld, type World } from '../support/world.js';
import { eventually } from '../support/eventually.js';

vi.setConfig({ maxConcurrency: 16 });

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(async () => {
  try {
    await assertInvariants(world);
  } finally {
    await world.close();
  }
});

const reminders = async (id: string): Promise<number> =>
  (await world.sandbox.shipments(id))[0]?.reminders ?? 0;
const reminded = (id: string, times: number) => eventually(async () => (await reminders(id)) === times);
const mails = async (id: string): Promise<string[]> =>
  (await world.sandbox.mail(id)).map((m) => m.dedupId.replace(`${id}:`, ''));

async function askedToCancel(cancellation: 'now' | 'later' | 'reject' | 'silent'): Promise<string> {
  const id = await startedWith(world, { cancellation });
  await world.untilStatus(id, 'awaiting_pickup');
  expect(await world.command(id, 'cancel')).toMatchObject({ body: { answer: 'pending_partner' } });
  return id;
}

describe('reminders while pickup is awaited', () => {
  it.concurrent(
    'go out after 24, 36 and 54 hours, then a person is called; they stop at pickup',
    async () => {
      const id = await awaitingPickup(world);
      await world.fastForward(id, { by: '23h' });
      expect(await reminders(id)).toBe(0);
      await world.fastForward(id, { by: '2h' });
      await reminded(id, 1);
      await world.fastForward(id, { by: '34h' });
      await reminded(id, 1);
      await world.fastForward(id, { by: '2h' });
      await reminded(id, 2);
      expect((await world.fastForward(id, { by: '51h' })).needsAttention).toBeNull();
      await world.fastForward(id, { by: '3h' });
      await called(world, id, 'pickup_overdue');
      expect(await world.order(id)).toMatchObject({ status: 'awaiting_pickup', shipment: { reminders: 3 } });
      expect(await world.resolve(id, 'wait')).toMatchObject({ body: { answer: 'accepted' } });
      expect((await world.order(id)).needsAttention).toBeNull();
      await world.command(id, 'item-picked');
      await world.untilStatus(id, 'in_transit');
      await world.fastForward(id, { by: '10d' });
      await reminded(id, 3);
    },
  );

  it.concurrent('grow up to the cap of the policy', async () => {
    const policy = { pickupReminder: '10h', reminderCap: '12h', remindersBeforeAttention: 2 };
    const id = await awaitingPickup(world, { sku: await world.addProduct({ policy }) });
    // After 10, 22 and 34 hours.
    await world.fastForward(id, { by: '21h' });
    await reminded(id, 1);
    await world.fastForward(id, { by: '2h' });
    await called(world, id, 'pickup_overdue');
    await world.fastForward(id, { by: '12h' });
    await reminded(id, 3);
    await world.sandbox.scan(id, 'in_transit');
    await world.until(id, (o) => o.status === 'in_transit' && o.needsAttention === null);
  });

  it.concurrent('outlive a partner who refuses them', async () => {
    const policy = { pickupReminder: '1h', reminderCap: '1h' };
    const id = await awaitingPickup(world, { sku: await world.addProduct({ policy }) });
    await world.sandbox.fault({
      target: 'delivery-partner',
      operation: 'remind',
      kind: 'error_500',
      times: 2,
      match: id,
    });
    await world.fastForward(id, { by: '61m' });
    await world.fastForward(id, { by: '61m' });
    await reminded(id, 2);
  });
});

describe('the deadline during pickup', () => {
  it.concurrent('alarms a person and cancels nothing', async () => {
    const releaseDate = new Date(Date.now() + 3_600_000).toISOString();
    const policy = { grace: '10h', pickupReminder: '5d' };
    const id = await awaitingPickup(world, { sku: await world.addProduct({ releaseDate, policy }) });
    expect((await world.fastForward(id, { by: '10h30m' })).needsAttention).toBeNull();
    await world.fastForward(id, { by: '1h' });
    expect(await called(world, id, 'ship_by_missed')).toMatchObject({
      status: 'awaiting_pickup',
      needsAttention: { allowedActions: ['wait', 'cancel'] },
    });
    await world.resolve(id, 'cancel');
    await world.untilStatus(id, 'cancelled');
  });
});

describe('item picked', () => {
  it.concurrent('by a scan of the partner', async () => {
    const id = await awaitingPickup(world);
    await world.sandbox.scan(id, 'in_transit');
    expect(await world.untilStatus(id, 'in_transit')).toMatchObject({ reservation: { status: 'consumed' } });
  });

  it.concurrent('right after fulfillment was started', async () => {
    const id = await started(world);
    await world.untilStatus(id, 'awaiting_pickup');
    expect(await world.command(id, 'item-picked')).toMatchObject({
      status: 200,
      body: { answer: 'accepted' },
    });
  });

  it.concurrent('not before the partner has accepted', async () => {
    const id = await startedWith(world, { acceptance: 'silent' });
    expect(await world.command(id, 'item-picked')).toMatchObject({ status: 409 });
    await world.sandbox.scan(id, 'in_transit');
    await world.untilStatus(id, 'in_transit');
  });

  it.concurrent('ten clicks are one', async () => {
    const id = await awaitingPickup(world);
    const clicks = await Promise.all(Array.from({ length: 10 }, () => world.command(id, 'item-picked')));
    expect(clicks.some(({ status }) => status === 200)).toBe(true);
    expect(clicks.every(({ status }) => [200, 409].includes(status))).toBe(true);
    expect((await world.order(id)).status).toBe('in_transit');
  });
});

describe('a cancel while pickup is awaited', () => {
  it.concurrent('accepted by the partner: everything is undone in reverse order', async () => {
    const id = await askedToCancel('silent');
    await world.untilStatus(id, 'cancellation_requested');
    await world.sandbox.answer(id, 'cancelled');
    await world.untilStatus(id, 'cancelled');
    expect(await undone(world, id)).toEqual([
      'cancel-fulfillment-order: cancelled',
      'release-inventory: released',
      'refund-payment: refunded',
    ]);
  });

  it.concurrent('refused by the partner: back, and the customer is told that it will ship', async () => {
    const id = await askedToCancel('reject');
    await world.until(id, (o) => o.status === 'awaiting_pickup' && o.cancelRequestedAt !== null);
    await eventually(async () => (await mails(id)).some((kind) => kind.startsWith('cancel_refused')));
    await world.command(id, 'item-picked');
    await world.untilStatus(id, 'in_transit');
  });

  it.concurrent('refused later', async () => {
    const id = await askedToCancel('silent');
    await world.untilStatus(id, 'cancellation_requested');
    await world.sandbox.answer(id, 'cancel_rejected');
    await world.untilStatus(id, 'awaiting_pickup');
  });

  it.concurrent('unanswered for 48 hours: a person decides to keep shipping', async () => {
    const id = await askedToCancel('silent');
    expect((await world.fastForward(id, { by: '47h' })).needsAttention).toBeNull();
    await world.fastForward(id, { by: '2h' });
    await called(world, id, 'cancel_unanswered');
    expect(await world.resolve(id, 'rebook')).toMatchObject({ status: 400 });
    await world.resolve(id, 'wait');
    await world.fastForward(id, { by: '49h' });
    await called(world, id, 'cancel_unanswered');
    expect(await world.resolve(id, 'keep_shipping')).toMatchObject({ body: { answer: 'accepted' } });
    await world.until(id, (o) => o.status === 'awaiting_pickup' && o.needsAttention === null);
  });

  it.concurrent('unanswered for 48 hours: a person decides to cancel', async () => {
    const id = await askedToCancel('silent');
    await world.fastForward(id, { by: '49h' });
    await called(world, id, 'cancel_unanswered');
    await world.resolve(id, 'cancel');
    expect(await world.untilStatus(id, 'cancelled')).toMatchObject({ refund: { status: 'succeeded' } });
    expect((await undone(world, id))[0]).toBe('cancel-fulfillment-order: not_confirmed');
  });

  it.concurrent('overtaken by the pickup scan, a physical fact', async () => {
    const id = await askedToCancel('silent');
    await world.untilStatus(id, 'cancellation_requested');
    await world.sandbox.scan(id, 'in_transit');
    await world.untilStatus(id, 'in_transit');
    expect(await world.command(id, 'cancel')).toMatchObject({ body: { answer: 'rejected' } });
  });

  it.concurrent('overtaken by a person who saw it leave', async () => {
    const id = await askedToCancel('silent');
    await world.untilStatus(id, 'cancellation_requested');
    expect(await world.command(id, 'item-picked')).toMatchObject({ body: { answer: 'accepted' } });
    await world.untilStatus(id, 'in_transit');
  });

  it.concurrent('of a partner who is down: the scan still wins', async () => {
    const id = await awaitingPickup(world);
    await world.sandbox.fault({
      target: 'delivery-partner',
      operation: 'cancel_shipment',
      kind: 'error_500',
      match: id,
    });
    await world.command(id, 'cancel');
    await world.untilStatus(id, 'cancellation_requested');
    await world.sandbox.scan(id, 'in_transit');
    await world.untilStatus(id, 'in_transit');
  });

  it.concurrent('of a partner who is down: after a while a person decides', async () => {
    const sku = await world.addProduct({ policy: { partnerSilence: '1m' } });
    const id = await awaitingPickup(world, { sku });
    const about = { target: 'delivery-partner', operation: 'cancel_shipment', kind: 'error_500', match: id };
    const { id: fault } = await world.sandbox.fault(about);
    await world.command(id, 'cancel');
    await world.fastForward(id, { by: '2m' });
    await called(world, id, 'cancel_unanswered');
    expect(await world.resolve(id, 'keep_shipping')).toMatchObject({
      status: 200,
      body: { answer: 'accepted' },
    });
    await world.untilStatus(id, 'awaiting_pickup');
    await world.sandbox.ask('DELETE', `/faults/${fault}`);
    expect((await world.sandbox.shipments(id)).map(({ status }) => status)).toEqual(['accepted']);
  });

  it.concurrent('twice, and ten times: asked of the partner once', async () => {
    const id = await awaitingPickup(world);
    await world.sandbox.modes({ prefix: id, cancellation: 'silent' });
    const clicks = await Promise.all(Array.from({ length: 10 }, () => world.command(id, 'cancel')));
    expect(new Set(clicks.map(({ body }) => body.answer))).toEqual(new Set(['pending_partner']));
    await world.untilStatus(id, 'cancellation_requested');
    await world.sandbox.answer(id, 'cancelled');
    await world.untilStatus(id, 'cancelled');
  });
});
