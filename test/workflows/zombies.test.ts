import { ApplicationFailure } from '@temporalio/common';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Activities } from '../../src/activities/index.js';
import { moveOrder } from '../../src/db/orders.js';
import { nameIntent } from '../../src/db/payments.js';
import { recordPaid, recordReserved } from '../../src/db/placement.js';
import { failures } from '../../src/domain/failures.js';
import { fulfillmentReference } from '../../src/domain/identity.js';
import type { DeliveryPartner } from '../../src/integrations/delivery-partner.js';
import { placed, started, startedWith, undone } from '../support/flows.js';
import { activitiesOf, partnerOf } from '../support/activities.js';
import { eventually } from '../support/eventually.js';
import { assertInvariants } from '../support/invariants.js';
import { createWorld, type World } from '../support/world.js';

/** Attempts that land after their timeout, when the order has long gone on. */

let world: World;
let partner: DeliveryPartner;
let late: Activities;
beforeAll(async () => {
  world = await createWorld();
  partner = partnerOf(world);
  late = activitiesOf(world);
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

/** The failure that a late attempt must end with. */
async function refusal(work: Promise<unknown>): Promise<string | null | undefined> {
  const error: unknown = await work.then(
    () => new Error('it was not refused'),
    (refused: unknown) => refused,
  );
  return error instanceof ApplicationFailure ? error.type : String(error);
}

async function cancelled(id: string): Promise<string> {
  await world.command(id, 'cancel');
  await world.untilStatus(id, 'cancelled');
  return id;
}

describe('after the compensation', () => {
  it('a late reserve finds the tombstone', async () => {
    const id = await cancelled(await placed(world));
    expect(await refusal(late.reserveInventory({ orderId: id, version: 2, at: Date.now() }))).toBe(
      failures.reservationRefused,
    );
    expect((await world.order(id)).reservation.status).toBe('released');
  });

  it('a late charge finds the fence: nothing may be charged any more', async () => {
    const { id: fault } = await world.sandbox.fault({
      target: 'payment-gateway',
      operation: 'create_payment_intent',
      kind: 'error_500',
    });
    const { id } = await world.placing();
    await world.until(id, (o) => o.payment.status === 'unknown');
    await cancelled(id);
    await world.sandbox.ask('DELETE', `/faults/${fault}`);
    expect(await refusal(late.chargePayment({ orderId: id, version: 1, at: Date.now() }))).toBe(
      failures.chargeStopped,
    );
    expect((await world.sandbox.books(id)).flatMap((book) => book.charges)).toEqual([]);
  });

  it('an intent that comes to exist after the card was refused is never confirmed', async () => {
    const { body } = await world.place({ paymentMethod: 'pm_nobody_has_this_card' });
    expect(await world.order(body.orderId)).toMatchObject({
      status: 'rejected',
      payment: { status: 'failed', gatewayId: null },
    });
    expect(await nameIntent(world.database.db, body.orderId, 'pi_late')).toBeUndefined();
  });

  it('a late booking is not made', async () => {
    const id = await cancelled(await placed(world));
    const booking = late.createFulfillmentOrder({ orderId: id, attempt: 1, version: 3, at: Date.now() });
    expect(await refusal(booking)).toBe(failures.fulfillmentImpossible);
    expect(await world.sandbox.shipments(id)).toEqual([]);
  });

  it('a booking that is made while the order is being cancelled is taken back', async () => {
    const id = await placed(world);
    const about = { target: 'delivery-partner', operation: 'create_shipment', kind: 'error_500', match: id };
    const { id: fault } = await world.sandbox.fault(about);
    await world.command(id, 'start-fulfillment');
    await world.untilStatus(id, 'fulfillment_requested');
    const { written_at } = await row(id);
    const meanwhile = activitiesOf(world, {
      ...partner,
      createShipment: async (wish) => {
        await cancelled(id);
        await world.sandbox.ask('DELETE', `/faults/${fault}`);
        return partner.createShipment(wish);
      },
    });
    const wish = { orderId: id, attempt: 1, version: 3, at: written_at ?? 0 };
    expect(await refusal(meanwhile.createFulfillmentOrder(wish))).toBe(failures.fulfillmentImpossible);
    expect((await world.sandbox.shipments(id)).map(({ status }) => status)).toEqual(['cancelled']);
  });

  it('a late undo undoes nothing twice', async () => {
    const id = await cancelled(await placed(world));
    const undo = {
      orderId: id,
      step: 'release-inventory',
      undoes: 'reserve-inventory',
      at: Date.now(),
    };
    const log = await world.log(id);
    expect(await late.releaseInventory(undo)).toMatchObject({ outcome: 'nothing_to_release' });
    expect((await world.log(id)).map(({ outcome }) => outcome)).toEqual(log.map(({ outcome }) => outcome));
  });
});

it('an undo whose end cannot be written down has undone nothing', async () => {
  const id = await placed(world);
  const { db } = world.database;
  await sql`create function lose_end() returns trigger language plpgsql
    as $$ begin raise exception 'the log is lost'; end $$`.execute(db);
  await sql`create trigger lose_end before update of finished_at on compensation_log
    for each row execute function lose_end()`.execute(db);
  const undo = {
    orderId: id,
    step: 'release-inventory',
    undoes: 'reserve-inventory',
    at: Date.now(),
  };
  await expect(late.releaseInventory(undo)).rejects.toThrow('the log is lost');
  await sql`drop trigger lose_end on compensation_log`.execute(db);
  expect((await world.order(id)).reservation.status).toBe('reserved');
  await cancelled(id);
  expect(await undone(world, id)).toEqual(['release-inventory: released', 'refund-payment: refunded']);
});

describe('while the order goes on', () => {
  it('a write of an older version changes nothing, though the table would allow the step', async () => {
    const id = await startedWith(world, { acceptance: 'silent' });
    await world.untilStatus(id, 'fulfillment_requested');
    const before = await row(id);
    const writtenAt = before.written_at ?? 0;
    for (const late of [
      { version: before.version, at: writtenAt },
      { version: before.version + 5, at: writtenAt - 1 },
    ])
      expect(await moveOrder(world.database.db, { orderId: id, ...late }, 'cancellation_requested')).toBe(
        false,
      );
    const stamp = { orderId: id, version: before.version, at: writtenAt };
    expect(await row(id)).toEqual(before);
    await expect(
      moveOrder(world.database.db, { ...stamp, version: before.version + 1 }, 'completed'),
    ).rejects.toThrow('no step from fulfillment_requested to completed');
    expect(await row(id)).toEqual(before);
  });

  /**
   * The partner has accepted the booking, and only an attempt that nobody waits for any more has heard of it: every
   * reply to the workflow's own attempts is lost, however soon it asks again.
   */
  async function acceptedUnheard(): Promise<string> {
    const id = await placed(world);
    const about = { target: 'delivery-partner', operation: 'create_shipment', kind: 'drop_reply', match: id };
    await world.sandbox.fault(about);
    await world.command(id, 'start-fulfillment');
    const reference = fulfillmentReference(id, 1);
    const shipment = await vi.waitUntil(() => partner.findByReference(reference), 10_000);
    const heard = activitiesOf(world, { ...partner, createShipment: async () => shipment });
    const { version, written_at } = await row(id);
    await heard.createFulfillmentOrder({ orderId: id, attempt: 1, version, at: written_at ?? 0 });
    return id;
  }

  it('what a workflow task has written that was lost with its reply is undone by a cancel', async () => {
    const gateway = { target: 'payment-gateway', kind: 'drop_reply' };
    const { id: confirming } = await world.sandbox.fault({ ...gateway, operation: 'confirm_payment_intent' });
    const { id: looking } = await world.sandbox.fault({ ...gateway, operation: 'retrieve_payment_intent' });
    const { id } = await world.placing();
    const intent = await eventually(async () =>
      (await world.sandbox.books(id)).find(({ charges }) => charges === 1),
    );
    await world.until(id, (o) => o.payment.status === 'unknown');
    // The lost task has heard the gateway, and reserved; its repetition never got as far, and counts anew.
    const { db } = world.database;
    const fact = { gatewayId: intent.paymentIntent, amountMinor: intent.chargedMinor, currency: 'USD' };
    await recordPaid(db, { orderId: id, version: 1, at: Date.now() }, fact);
    expect(await recordReserved(db, { orderId: id, version: 2, at: Date.now() })).toBe('reserved');
    await world.command(id, 'cancel');
    for (const fault of [confirming, looking]) await world.sandbox.ask('DELETE', `/faults/${fault}`);
    expect(await world.untilStatus(id, 'cancelled')).toMatchObject({
      reservation: { status: 'released' },
      refund: { status: 'succeeded' },
    });
  });

  it('a booking that such a task has made is undone, too', async () => {
    const id = await placed(world);
    // Of the start nothing stands in the order's history: for it the order still waits.
    await late.createFulfillmentOrder({ orderId: id, attempt: 1, version: 3, at: Date.now() });
    await cancelled(id);
    expect(await undone(world, id)).toEqual([
      'cancel-fulfillment-order: cancelled',
      'release-inventory: released',
      'refund-payment: refunded',
    ]);
    expect((await world.sandbox.shipments(id)).map(({ status }) => status)).toEqual(['cancelled']);
  });

  it('a booking that was accepted, and the word of it lost, is undone by a cancel', async () => {
    const id = await cancelled(await acceptedUnheard());
    expect(await undone(world, id)).toEqual([
      'cancel-fulfillment-order: cancelled',
      'release-inventory: released',
      'refund-payment: refunded',
    ]);
  });

  it('an item that was picked up meanwhile is delivered, and not refunded as well', async () => {
    const id = await acceptedUnheard();
    await world.sandbox.scan(id, 'in_transit');
    expect(await world.command(id, 'cancel')).toMatchObject({ body: { answer: 'pending_partner' } });
    await world.untilStatus(id, 'in_transit');
    expect(await world.command(id, 'confirm-delivery')).toMatchObject({ body: { answer: 'accepted' } });
    expect(await world.untilStatus(id, 'completed')).toMatchObject({ refund: null });
    expect(await undone(world, id)).toEqual([]);
  });

  it('a late pickup consumes nothing, and a late delivery earns nothing', async () => {
    const id = await started(world);
    await world.untilStatus(id, 'awaiting_pickup');
    await world.sandbox.scan(id, 'in_transit');
    const { version, written_at } = await world.untilStatus(id, 'in_transit').then(() => row(id));
    const at = written_at ?? 0;
    const fact = { orderId: id, attempt: 1, version: version - 1, at, eventAt: at };
    await late.recordPickup(fact);
    await late.recordDelivery(fact);
    expect(await world.order(id)).toMatchObject({ status: 'in_transit' });
  });

  it('a booking that comes back twice is written down once', async () => {
    const id = await started(world);
    await world.untilStatus(id, 'awaiting_pickup');
    await world.sandbox.answer(id, 'rejected');
    await world.until(id, (o) => o.fulfillment?.status === 'rejected');
    const at = (await row(id)).written_at ?? 0;
    await late.createFulfillmentOrder({ orderId: id, attempt: 1, version: 3, at });
    expect((await world.order(id)).fulfillment).toMatchObject({ status: 'rejected', attempt: 1 });
  });

  it('units for a second shipment are taken once, however often they are asked for', async () => {
    const id = await started(world);
    await world.untilStatus(id, 'awaiting_pickup');
    await world.sandbox.scan(id, 'in_transit');
    await world.sandbox.scan(id, 'failure', 'damaged');
    await world.untilStatus(id, 'delivery_exception');
    const again = { orderId: id, attempt: 2, at: Date.now() };
    expect([await late.reserveReplacement(again), await late.reserveReplacement(again)]).toEqual([
      true,
      true,
    ]);
    expect((await world.order(id)).reservation.quantity).toBe(2);
    await world.until(id, (o) => o.needsAttention !== null);
    await world.resolve(id, 'reship');
    expect(await world.untilStatus(id, 'awaiting_pickup')).toMatchObject({ reservation: { quantity: 2 } });
  });
});
