import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { shipmentEventSignal } from '../../src/workflows/messages.js';
import { atRest, awaitingPickup, called, placed, startedWith, undone } from '../support/flows.js';
import { assertInvariants } from '../support/invariants.js';
import { createWorld, type World } from '../support/world.js';

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

const everything = (cancelled = 'cancelled'): string[] => [
  `cancel-fulfillment-order: ${cancelled}`,
  'release-inventory: released',
  'refund-payment: refunded',
];

describe('the partner accepts', () => {
  it.concurrent('later', async () => {
    const id = await startedWith(world, { acceptance: 'later' });
    expect(await world.untilStatus(id, 'awaiting_pickup')).toMatchObject({
      fulfillment: { status: 'accepted' },
    });
  });

  it.concurrent('before our own call knew: the reply was lost', async () => {
    const id = await placed(world);
    await world.sandbox.fault({
      target: 'delivery-partner',
      operation: 'create_shipment',
      kind: 'drop_reply',
      times: 1,
      match: id,
    });
    await world.command(id, 'start-fulfillment');
    await world.untilStatus(id, 'awaiting_pickup');
    expect(await world.sandbox.shipments(id)).toHaveLength(1);
    expect(await world.command(id, 'item-picked')).toMatchObject({ body: { answer: 'accepted' } });
  });
});

describe('the partner rejects', () => {
  it.concurrent('at once: booked again under a new attempt', async () => {
    const id = await startedWith(world, { acceptance: 'reject' });
    expect(await called(world, id, 'partner_rejected')).toMatchObject({
      status: 'fulfillment_requested',
      fulfillment: { status: 'rejected', attempt: 1 },
      allowedActions: ['cancel', 'resolve'],
    });
    await world.sandbox.modes({ prefix: id, acceptance: 'now' });
    expect(await world.resolve(id, 'rebook')).toMatchObject({ body: { answer: 'accepted' } });
    expect(await world.untilStatus(id, 'awaiting_pickup')).toMatchObject({
      fulfillment: { attempt: 2, status: 'accepted' },
      needsAttention: null,
    });
  });

  it.concurrent('after a while: a person cancels, and everything is undone', async () => {
    const id = await startedWith(world, { acceptance: 'silent' });
    await world.sandbox.answer(id, 'rejected');
    await called(world, id, 'partner_rejected');
    expect(await world.resolve(id, 'cancel')).toMatchObject({ body: { answer: 'accepted' } });
    expect(await world.untilStatus(id, 'cancelled')).toMatchObject({
      cancelReason: 'merchant',
      needsAttention: null,
    });
    expect(await undone(world, id)).toEqual(everything());
  });

  it.concurrent('and a month later it is still a rejection, not silence', async () => {
    const id = await startedWith(world, { acceptance: 'reject' });
    await called(world, id, 'partner_rejected');
    await world.fastForward(id, { by: '31d' });
    const open = world.database.db.selectFrom('attention').select('reason').where('order_id', '=', id);
    expect(await open.where('resolved_at', 'is', null).execute()).toEqual([{ reason: 'partner_rejected' }]);
    expect(await world.resolve(id, 'wait')).toMatchObject({ status: 400 });
    await world.resolve(id, 'cancel');
    await world.untilStatus(id, 'cancelled');
  });

  it.concurrent('and an acceptance from before comes late: it changes nothing', async () => {
    const id = await startedWith(world, { acceptance: 'silent' });
    await world.sandbox.answer(id, 'rejected');
    await called(world, id, 'partner_rejected');
    const late = { eventId: 'late', kind: 'accepted', attempt: 1, at: Date.now() - 3_600_000 } as const;
    await world.temporal.workflow.getHandle(`delivery-${id}`).signal(shipmentEventSignal, late);
    expect(await world.resolve(id, 'cancel')).toMatchObject({ body: { answer: 'accepted' } });
    await world.untilStatus(id, 'cancelled');
  });

  it.concurrent('after it had accepted', async () => {
    const id = await awaitingPickup(world);
    await world.sandbox.answer(id, 'rejected');
    await called(world, id, 'partner_rejected');
    expect(await world.resolve(id, 'rebook')).toMatchObject({ body: { answer: 'accepted' } });
    expect(await world.untilStatus(id, 'awaiting_pickup')).toMatchObject({ fulfillment: { attempt: 2 } });
    await world.command(id, 'item-picked');
    await world.untilStatus(id, 'in_transit');
  });
});

describe('the partner is silent for 48 hours', () => {
  it.concurrent('and no longer: nobody is called before', async () => {
    const id = await startedWith(world, { acceptance: 'silent' });
    expect((await world.fastForward(id, { by: '47h' })).needsAttention).toBeNull();
    await world.fastForward(id, { by: '2h' });
    expect((await called(world, id, 'partner_silent')).needsAttention).toMatchObject({
      allowedActions: ['wait', 'rebook', 'cancel'],
    });
    expect(await world.resolve(id, 'wait')).toMatchObject({ body: { answer: 'accepted' } });
    expect((await world.fastForward(id, { by: '47h' })).needsAttention).toBeNull();
    await world.fastForward(id, { by: '2h' });
    await called(world, id, 'partner_silent');
    await world.sandbox.answer(id, 'accepted');
    await world.until(id, (o) => o.status === 'awaiting_pickup' && o.needsAttention === null);
  });

  it.concurrent('booked again: the first booking is taken back at the partner', async () => {
    const id = await startedWith(world, { acceptance: 'silent' });
    await world.fastForward(id, { by: '49h' });
    await called(world, id, 'partner_silent');
    await world.sandbox.modes({ prefix: id, acceptance: 'now' });
    await world.resolve(id, 'rebook');
    await world.untilStatus(id, 'awaiting_pickup');
    const shipments = await world.sandbox.shipments(id);
    expect(shipments.map(({ status }) => status).sort()).toEqual(['accepted', 'cancelled']);
  });

  it.concurrent('cancelled by a person: everything is undone', async () => {
    const id = await startedWith(world, { acceptance: 'silent' });
    await world.fastForward(id, { by: '49h' });
    await called(world, id, 'partner_silent');
    await world.resolve(id, 'cancel');
    await world.untilStatus(id, 'cancelled');
    expect(await undone(world, id)).toEqual(everything());
  });
});

describe('the fulfillment order is impossible', () => {
  it.concurrent('full compensation in reverse order', async () => {
    const id = await placed(world, { zip: '00000' });
    await world.command(id, 'start-fulfillment');
    expect(await world.untilStatus(id, 'cancelled')).toMatchObject({
      cancelReason: 'fulfillment_failed',
      reservation: { status: 'released' },
      refund: { status: 'succeeded' },
      fulfillment: { status: 'cancelled' },
    });
    expect(await undone(world, id)).toEqual(everything('nothing_to_cancel'));
  });
});

describe('a cancel after fulfillment was started', () => {
  it.concurrent('is asked of the partner, who has not accepted yet', async () => {
    const id = await startedWith(world, { acceptance: 'silent' });
    expect(await world.command(id, 'cancel')).toMatchObject({ body: { answer: 'pending_partner' } });
    await world.untilStatus(id, 'cancelled');
    expect(await undone(world, id)).toEqual(everything());
  });

  it.concurrent('goes on when the partner refuses, and the partner may accept afterwards', async () => {
    const id = await startedWith(world, { acceptance: 'silent', cancellation: 'reject' });
    await world.command(id, 'cancel');
    await world.until(id, (o) => o.status === 'fulfillment_requested' && o.cancelRequestedAt !== null);
    await world.sandbox.answer(id, 'accepted');
    await world.untilStatus(id, 'awaiting_pickup');
  });

  it.concurrent('of a booking that the partner has rejected: there is nothing to stop', async () => {
    const id = await startedWith(world, { acceptance: 'reject' });
    await called(world, id, 'partner_rejected');
    expect(await world.command(id, 'cancel')).toMatchObject({ body: { answer: 'pending_partner' } });
    expect(await world.untilStatus(id, 'cancelled')).toMatchObject({ cancelReason: 'merchant' });
  });

  it.concurrent('while the partner is down: nothing may be booked any more, nothing ships', async () => {
    const id = await placed(world);
    const fault = { target: 'delivery-partner', operation: 'create_shipment', kind: 'error_500', match: id };
    const { id: faultId } = await world.sandbox.fault(fault);
    await world.command(id, 'start-fulfillment');
    expect(await world.command(id, 'cancel')).toMatchObject({ body: { answer: 'pending_partner' } });
    await world.untilStatus(id, 'cancelled');
    await world.sandbox.ask('DELETE', `/faults/${faultId}`);
    expect(await undone(world, id)).toEqual(everything('nothing_to_cancel'));
    const shipments = await world.sandbox.shipments(id);
    expect(shipments.filter(({ status }) => status !== 'cancelled')).toEqual([]);
  });

  it.concurrent(
    'while the reply to the booking is lost again and again: the booking is found and cancelled',
    async () => {
      const id = await placed(world);
      const about = { target: 'delivery-partner', match: id };
      await world.sandbox.fault({ ...about, operation: 'create_shipment', kind: 'drop_reply' });
      const { id: listFault } = await world.sandbox.fault({
        ...about,
        operation: 'list_shipments',
        kind: 'error_500',
      });
      await world.command(id, 'start-fulfillment');
      expect(await world.command(id, 'cancel')).toMatchObject({ body: { answer: 'pending_partner' } });
      const asked = await world.until(id, (o) => o.cancelRequestedAt !== null);
      expect(asked).toMatchObject({ status: 'fulfillment_requested', refund: null });
      await world.sandbox.ask('DELETE', `/faults/${listFault}`);
      await world.untilStatus(id, 'cancelled');
      expect((await world.sandbox.shipments(id)).map(({ status }) => status)).toEqual(['cancelled']);
    },
  );
});

describe('the partner is down while the booking is made', () => {
  it.concurrent(
    'a person is called, who may only wait or cancel; the booking succeeds when the partner is back',
    async () => {
      const sku = await world.addProduct({ policy: { partnerSilence: '1m' } });
      const id = await placed(world, { sku });
      const { id: fault } = await world.sandbox.fault({
        target: 'delivery-partner',
        operation: 'create_shipment',
        kind: 'error_500',
        match: id,
      });
      await world.command(id, 'start-fulfillment');
      await world.fastForward(id, { by: '2m' });
      await called(world, id, 'partner_silent');
      expect(await world.resolve(id, 'wait')).toMatchObject({ status: 200, body: { answer: 'accepted' } });
      // Somebody, or a script, says it again and again: the history does not grow.
      const length = await atRest(world, `order-${id}`);
      for (const action of ['wait', 'rebook', 'wait'])
        expect(await world.resolve(id, action)).toMatchObject({
          status: 409,
          body: { code: 'not_allowed', detail: expect.stringContaining('retried without end') as string },
        });
      expect(await atRest(world, `order-${id}`)).toBe(length);
      await world.sandbox.ask('DELETE', `/faults/${fault}`);
      await world.fastForward(id, { by: '6m' });
      await world.until(id, (o) => o.status === 'awaiting_pickup' && o.needsAttention === null);
    },
  );

  it.concurrent('a person cancels through the call', async () => {
    const sku = await world.addProduct({ policy: { partnerSilence: '1m' } });
    const id = await placed(world, { sku });
    await world.sandbox.fault({
      target: 'delivery-partner',
      operation: 'create_shipment',
      kind: 'error_500',
      match: id,
    });
    await world.command(id, 'start-fulfillment');
    await world.fastForward(id, { by: '2m' });
    await called(world, id, 'partner_silent');
    expect(await world.resolve(id, 'cancel')).toMatchObject({ status: 200, body: { answer: 'accepted' } });
    expect(await world.untilStatus(id, 'cancelled')).toMatchObject({ needsAttention: null });
    const order = world.temporal.workflow.getHandle(`order-${id}`);
    // What lists show is told when the whole task is done, the row before.
    await order.result();
    expect((await order.describe()).searchAttributes.NeedsAttention).toEqual([false]);
  });
});
