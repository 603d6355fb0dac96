import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { called, inTransit, placed, undone } from '../support/flows.js';
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

const refunds = async (id: string) => (await world.sandbox.books(id)).flatMap((book) => book.refunds);
const settled = (id: string, payment: string) =>
  world.until(
    id,
    (o) => o.payment.status === payment && o.needsAttention === null,
    `${payment}, nobody called`,
  );

async function disputed(id: string): Promise<string> {
  const dispute = await world.sandbox.dispute(id);
  expect(await called(world, id, 'disputed')).toMatchObject({ payment: { status: 'disputed' } });
  return dispute.id;
}

/** Cancelled while the customer's bank had the money, which it then returned. */
async function owedAgain(): Promise<string> {
  const id = await placed(world);
  const dispute = await disputed(id);
  await world.command(id, 'cancel');
  await world.untilStatus(id, 'cancelled');
  await world.sandbox.decideDispute(dispute, 'won');
  await called(world, id, 'refund_owed');
  return id;
}

describe('a payment that the customer’s bank takes back while the order waits', () => {
  it.concurrent('and returns: the order goes on', async () => {
    const id = await placed(world);
    const dispute = await disputed(id);
    expect(await world.resolve(id, 'contest')).toMatchObject({ body: { answer: 'accepted' } });
    await settled(id, 'disputed');
    await world.sandbox.decideDispute(dispute, 'won');
    expect(await settled(id, 'succeeded')).toMatchObject({ status: 'awaiting_release' });
    expect(await world.temporal.workflow.getHandle(`refund-${id}`).result()).toBe('none');
  });

  it.concurrent('and keeps: a person takes note of the loss', async () => {
    const id = await placed(world);
    await world.sandbox.decideDispute(await disputed(id), 'lost');
    await called(world, id, 'dispute_lost');
    expect(await world.resolve(id, 'accept_loss')).toMatchObject({ body: { answer: 'accepted' } });
    await settled(id, 'disputed');
    expect(await world.temporal.workflow.getHandle(`refund-${id}`).result()).toBe('loss_accepted');
  });

  it.concurrent('is not refunded as well when the order is cancelled', async () => {
    const id = await placed(world);
    const dispute = await disputed(id);
    await world.command(id, 'cancel');
    await world.untilStatus(id, 'cancelled');
    expect(await undone(world, id)).toEqual([
      'release-inventory: released',
      'refund-payment: refund_disputed',
    ]);
    expect((await world.order(id)).needsAttention?.reason).toBe('disputed');
    await world.sandbox.decideDispute(dispute, 'lost');
    await settled(id, 'disputed');
    expect(await refunds(id)).toEqual([]);
  });

  it.concurrent('while our refund is not getting through: nothing is on its way any more', async () => {
    const id = await placed(world);
    await world.sandbox.fault({
      target: 'payment-gateway',
      operation: 'create_refund',
      kind: 'error_500',
      match: id,
    });
    await world.command(id, 'cancel');
    await world.until(id, (o) => o.refund?.status === 'pending', 'a refund that was asked for');
    await world.sandbox.decideDispute((await world.sandbox.dispute(id)).id, 'lost');
    await world.untilStatus(id, 'cancelled');
    await settled(id, 'disputed');
    expect(await refunds(id)).toEqual([]);
    expect((await world.order(id)).refund).toBeNull();
  });

  it.concurrent('returns it after the cancel, and a person pays it back another way', async () => {
    const id = await owedAgain();
    const reply = await world.resolve(id, 'settle_outside', 'transfer 4711');
    expect(reply).toMatchObject({ body: { answer: 'accepted' } });
    expect(await settled(id, 'succeeded')).toMatchObject({
      refund: { status: 'settled_outside', amount: 49_900 },
    });
  });

  it.concurrent('is owed again when the bank returns it after the cancel', async () => {
    const id = await owedAgain();
    expect(await refunds(id)).toEqual([]);
    expect(await world.resolve(id, 'retry')).toMatchObject({ body: { answer: 'accepted' } });
    await settled(id, 'succeeded');
    expect(await refunds(id)).toMatchObject([{ status: 'succeeded' }]);
  });
});

describe('a payment that the customer’s bank takes back', () => {
  it.concurrent('after delivery', async () => {
    const id = await inTransit(world);
    await world.sandbox.scan(id, 'delivered');
    await world.untilStatus(id, 'completed');
    await world.sandbox.decideDispute(await disputed(id), 'lost');
    await called(world, id, 'dispute_lost');
    await world.resolve(id, 'accept_loss');
    await settled(id, 'disputed');
  });

  it.concurrent('although it was refunded: a person contests it', async () => {
    const id = await placed(world);
    await world.command(id, 'cancel');
    await world.untilStatus(id, 'cancelled');
    await world.sandbox.decideDispute(await disputed(id), 'won');
    await settled(id, 'succeeded');
    expect(await refunds(id)).toHaveLength(1);
  });

  it.concurrent('is noticed late when no webhook tells of it', async () => {
    const id = await placed(world);
    const dispute = await disputed(id);
    await world.sandbox.ask('PUT', '/webhooks', { payment: 'http://127.0.0.1:9/nobody' });
    await world.sandbox.decideDispute(dispute, 'won');
    const urls = { payment: `${world.url}/webhooks/payment` };
    await world.sandbox.ask('PUT', '/webhooks', urls);
    await world.fastForward(id, { by: '2h' });
    await settled(id, 'succeeded');
  });
});
