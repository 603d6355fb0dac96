import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { notedCancel } from '../../src/domain/cancel.js';
import { awaitingPickup, called, inTransit, placed, undone } from '../support/flows.js';
import { assertInvariants } from '../support/invariants.js';
import type { PlaceOptions } from '../support/caller.js';
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

const shipped = [
  'cancel-fulfillment-order: not_cancellable',
  'release-inventory: kept_consumed',
  'refund-payment: refunded',
];

async function damaged(options: PlaceOptions = {}): Promise<string> {
  const id = await inTransit(world, options);
  await world.sandbox.scan(id, 'in_transit');
  await world.sandbox.scan(id, 'failure', 'damaged');
  await called(world, id, 'delivery_failed');
  return id;
}

async function sentBack(): Promise<string> {
  const id = await inTransit(world);
  await world.sandbox.scan(id, 'in_transit');
  await world.sandbox.scan(id, 'return_to_sender');
  await called(world, id, 'returned');
  expect((await world.order(id)).status).toBe('returning');
  return id;
}

describe('on its way', () => {
  it.concurrent('scans are told, and the last one completes the order', async () => {
    const id = await inTransit(world);
    for (const status of ['in_transit', 'out_for_delivery', 'available_for_pickup'] as const) {
      await world.sandbox.scan(id, status);
      await world.until(id, (o) => o.shipment?.status === status);
    }
    await world.sandbox.scan(id, 'delivered');
    expect(await world.untilStatus(id, 'completed')).toMatchObject({ shipment: { status: 'delivered' } });
  });

  it.concurrent('what was said before pickup and comes late changes nothing', async () => {
    const id = await inTransit(world);
    await world.sandbox.scan(id, 'pre_transit');
    await world.sandbox.scan(id, 'out_for_delivery');
    await world.until(id, (o) => o.shipment?.status === 'out_for_delivery');
    await world.sandbox.scan(id, 'pre_transit');
    await world.sandbox.scan(id, 'cancelled');
    await world.sandbox.scan(id, 'available_for_pickup');
    expect(await world.until(id, (o) => o.shipment?.status === 'available_for_pickup')).toMatchObject({
      status: 'in_transit',
    });
  });

  it.concurrent('one or two failed attempts are usual, the third calls a person', async () => {
    const id = await inTransit(world);
    // One by one: a scan that comes after a newer one changes nothing.
    for (const status of ['failure', 'failure', 'out_for_delivery'] as const) {
      const before = (await world.order(id)).shipment?.lastEventAt;
      await world.sandbox.scan(id, status);
      await world.until(id, (o) => o.shipment?.lastEventAt !== before && o.shipment?.status === status);
    }
    expect((await world.order(id)).status).toBe('in_transit');
    await world.sandbox.scan(id, 'failure');
    expect(await called(world, id, 'delivery_failed')).toMatchObject({ status: 'delivery_exception' });
    await world.sandbox.scan(id, 'delivered');
    await world.until(id, (o) => o.status === 'completed' && o.needsAttention === null);
  });

  it.concurrent('delivered by the word of a person, ten times', async () => {
    const id = await inTransit(world);
    const clicks = await Promise.all(Array.from({ length: 10 }, () => world.command(id, 'confirm-delivery')));
    expect(clicks.some(({ status }) => status === 200)).toBe(true);
    expect(clicks.every(({ status }) => [200, 202, 409].includes(status))).toBe(true);
    await world.untilStatus(id, 'completed');
  });
});

describe('14 days of silence', () => {
  it.concurrent('not before, then a person waits on, and at last declares it lost', async () => {
    const id = await inTransit(world);
    await world.fastForward(id, { by: '13d' });
    await world.sandbox.scan(id, 'out_for_delivery');
    await world.until(id, (o) => o.shipment?.status === 'out_for_delivery');
    expect((await world.fastForward(id, { by: '13d' })).status).toBe('in_transit');
    await world.fastForward(id, { by: '2d' });
    expect(await called(world, id, 'transit_silent')).toMatchObject({
      status: 'delivery_exception',
      needsAttention: { allowedActions: ['wait', 'declare_lost', 'reship', 'refund'] },
    });
    expect(await world.resolve(id, 'wait')).toMatchObject({ body: { answer: 'accepted' } });
    await world.until(id, (o) => o.status === 'in_transit' && o.needsAttention === null);
    await world.fastForward(id, { by: '15d' });
    await called(world, id, 'transit_silent');
    await world.resolve(id, 'declare_lost');
    expect(await world.untilStatus(id, 'cancelled')).toMatchObject({
      cancelReason: 'lost',
      refund: { status: 'succeeded' },
      reservation: { status: 'consumed' },
    });
    expect(await undone(world, id)).toEqual([
      expect.stringContaining('cancel-fulfillment-order'),
      ...shipped.slice(1),
    ]);
  });

  it.concurrent('ends with a scan', async () => {
    const id = await inTransit(world);
    await world.fastForward(id, { by: '15d' });
    await called(world, id, 'transit_silent');
    await world.sandbox.scan(id, 'out_for_delivery');
    await world.until(id, (o) => o.status === 'in_transit' && o.needsAttention === null);
    await world.command(id, 'confirm-delivery');
    await world.untilStatus(id, 'completed');
  });

  it.concurrent('for as long as the policy of the product says', async () => {
    const sku = await world.addProduct({ policy: { transitSilence: '3d' } });
    const id = await inTransit(world, { sku });
    await world.fastForward(id, { by: '73h' });
    await called(world, id, 'transit_silent');
  });
});

describe('damaged', () => {
  it.concurrent('refunded by a person’s decision, which is on record', async () => {
    const id = await damaged();
    await world.resolve(id, 'refund');
    expect(await world.untilStatus(id, 'cancelled')).toMatchObject({ cancelReason: 'undeliverable' });
    expect(await undone(world, id)).toEqual(shipped);
  });

  it.concurrent('shipped again with another unit', async () => {
    const sku = await world.addProduct({ capacity: 2 });
    const id = await damaged({ sku });
    expect(await world.resolve(id, 'reship')).toMatchObject({ body: { answer: 'accepted' } });
    expect(await world.untilStatus(id, 'awaiting_pickup')).toMatchObject({
      fulfillment: { attempt: 2 },
      reservation: { quantity: 2 },
      needsAttention: null,
    });
    // The first parcel turns up late: it is not this shipment any more.
    await world.sandbox.scan(id, 'delivered', undefined, 1);
    await world.sandbox.scan(id, 'in_transit', undefined, 2);
    await world.untilStatus(id, 'in_transit');
    await world.sandbox.scan(id, 'delivered', undefined, 2);
    await world.untilStatus(id, 'completed');
  });

  it.concurrent(
    'shipped again, and cancelled before that is picked up: the other unit is free again',
    async () => {
      const sku = await world.addProduct({ capacity: 2 });
      const id = await damaged({ sku });
      await world.resolve(id, 'reship');
      await world.untilStatus(id, 'awaiting_pickup');
      await world.command(id, 'cancel');
      expect(await world.untilStatus(id, 'cancelled')).toMatchObject({
        reservation: { status: 'consumed', quantity: 1 },
      });
      expect(await undone(world, id)).toContain('release-inventory: replacement_released');
      await placed(world, { sku });
    },
  );

  it.concurrent('cannot be shipped again when no unit is left', async () => {
    const id = await damaged({ sku: await world.addProduct({ capacity: 1 }) });
    expect(await world.resolve(id, 'reship')).toMatchObject({ status: 409 });
    expect((await world.order(id)).needsAttention?.reason).toBe('delivery_failed');
    await world.resolve(id, 'refund');
    await world.untilStatus(id, 'cancelled');
  });

  it.concurrent('and a cancel: accepted, and the reason is the customer’s when it is refunded', async () => {
    const reply = await world.place();
    const id = reply.body.orderId;
    await world.command(id, 'start-fulfillment');
    await world.untilStatus(id, 'awaiting_pickup');
    await world.sandbox.scan(id, 'in_transit');
    await world.sandbox.scan(id, 'failure', 'lost');
    await called(world, id, 'delivery_failed');
    const asCustomer = { authorization: `Bearer ${reply.body.token}` };
    const cancel = await world.call('POST', `/api/orders/${id}/cancel`, undefined, asCustomer);
    expect(cancel).toMatchObject({
      status: 200,
      body: { answer: 'accepted', message: notedCancel.delivery_exception.message },
    });
    const noted = await world.until(id, (o) => o.cancelRequestedAt !== null);
    // The money was promised: it is not shipped again.
    expect(noted).toMatchObject({
      status: 'delivery_exception',
      needsAttention: { allowedActions: ['wait', 'declare_lost', 'refund'] },
    });
    expect(await world.resolve(id, 'reship')).toMatchObject({ status: 409 });
    await world.resolve(id, 'refund');
    expect(await world.untilStatus(id, 'cancelled')).toMatchObject({ cancelReason: 'customer' });
  });
});

describe('return to sender', () => {
  it.concurrent('refunded when it is back', async () => {
    const id = await sentBack();
    expect(await world.command(id, 'cancel')).toMatchObject({
      body: { answer: 'accepted', message: notedCancel.returning.message, order: { status: 'returning' } },
    });
    expect(await world.resolve(id, 'wait')).toMatchObject({ status: 400 });
    await world.resolve(id, 'refund');
    await world.untilStatus(id, 'cancelled');
    expect(await undone(world, id)).toEqual(shipped);
  });

  it.concurrent('shipped again as it is', async () => {
    const id = await sentBack();
    await world.resolve(id, 'reship');
    expect(await world.untilStatus(id, 'awaiting_pickup')).toMatchObject({
      fulfillment: { attempt: 2 },
      reservation: { quantity: 1 },
    });
    await world.command(id, 'item-picked');
    await world.untilStatus(id, 'in_transit');
  });

  it.concurrent('shipped again, and cancelled before it is picked up: it is on the shelf', async () => {
    const id = await sentBack();
    await world.resolve(id, 'reship');
    await world.untilStatus(id, 'awaiting_pickup');
    await world.command(id, 'cancel');
    expect(await world.untilStatus(id, 'cancelled')).toMatchObject({ reservation: { status: 'released' } });
  });

  it.concurrent('and delivered after all', async () => {
    const id = await sentBack();
    await world.sandbox.scan(id, 'delivered');
    await world.untilStatus(id, 'completed');
  });
});

describe('scans in the wrong order', () => {
  it.concurrent('delivered before picked up: it must have been picked up', async () => {
    const id = await awaitingPickup(world);
    await world.sandbox.scan(id, 'delivered');
    expect(await world.untilStatus(id, 'completed')).toMatchObject({ reservation: { status: 'consumed' } });
  });

  it.concurrent('in transit after delivered', async () => {
    const id = await awaitingPickup(world);
    await world.sandbox.scan(id, 'delivered');
    await world.sandbox.scan(id, 'in_transit');
    await world.sandbox.scan(id, 'failure', 'damaged');
    await world.untilStatus(id, 'completed');
    await eventually(async () => {
      const open = world.database.db.selectFrom('inbox').select('event_id').where('processed_at', 'is', null);
      return (await open.execute()).length === 0;
    });
    expect(await world.order(id)).toMatchObject({ status: 'completed', shipment: { status: 'delivered' } });
  });

  it.concurrent('return to sender before picked up', async () => {
    const id = await awaitingPickup(world);
    await world.sandbox.scan(id, 'return_to_sender');
    await called(world, id, 'returned');
    await world.resolve(id, 'refund');
    await world.untilStatus(id, 'cancelled');
  });
});
