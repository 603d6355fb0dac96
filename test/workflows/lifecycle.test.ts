import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertInvariants } from '../support/invariants.js';
import { createWorld, type World } from '../support/world.js';

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

describe('the whole life', () => {
  it('goes from payment to doorstep', async () => {
    const placed = await world.place();
    expect(placed).toMatchObject({
      status: 201,
      body: { status: 'awaiting_release', payment: { status: 'succeeded' } },
    });
    const id = placed.body.orderId;
    await world.fastForward(id, { by: '60d' });
    const started = await world.command(id, 'start-fulfillment');
    expect(started).toMatchObject({ status: 200, body: { answer: 'accepted' } });
    await world.untilStatus(id, 'awaiting_pickup');
    expect((await world.command(id, 'item-picked')).body.order).toMatchObject({
      status: 'in_transit',
      reservation: { status: 'consumed' },
    });
    expect((await world.command(id, 'confirm-delivery')).body.order.status).toBe('completed');
    const [book] = await world.sandbox.books(id);
    expect(book).toMatchObject({ chargedMinor: 49_900, refundedMinor: 0, charges: 1 });
  });
});
