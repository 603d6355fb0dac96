import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { called, placed, undone } from '../support/flows.js';
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

async function cancelled(options: { paymentMethod?: string } = {}): Promise<string> {
  const id = await placed(world, options);
  await world.command(id, 'cancel');
  await world.untilStatus(id, 'cancelled');
  return id;
}

const refundIs = (id: string, status: string) =>
  world.until(id, (o) => o.refund?.status === status, `refund ${status}`);
const refunds = async (id: string) => (await world.sandbox.books(id)).flatMap((book) => book.refunds);

/** The bank's last word on the newest refund. */
async function bank(id: string, status: string): Promise<void> {
  const last = (await refunds(id)).at(-1);
  await world.sandbox.refundStatus(last?.id ?? '', status);
}

async function intent(id: string): Promise<string> {
  return (await world.sandbox.books(id))[0]?.paymentIntent ?? '';
}

const gateway = async (id: string, operation: string, kind: string, more: object = {}) =>
  world.sandbox.fault({ target: 'payment-gateway', operation, kind, match: await intent(id), ...more });

describe('a refund that is pending', () => {
  it.concurrent('is watched until it is paid, and 35 days longer', async () => {
    const id = await cancelled({ paymentMethod: 'pm_card_pendingRefund' });
    expect(await undone(world, id)).toEqual([
      'release-inventory: released',
      'refund-payment: refund_pending',
    ]);
    expect(await world.command(id, 'cancel')).toMatchObject({
      body: { answer: 'accepted', message: expect.stringContaining('on its way') as string },
    });
    await world.fastForward(id, { by: '20d' });
    expect((await world.order(id)).refund?.status).toBe('pending');
    await bank(id, 'succeeded');
    await refundIs(id, 'succeeded');
    const watch = world.temporal.workflow.getHandle(`refund-${id}`);
    await world.fastForward(id, { by: '34d' });
    expect((await watch.describe()).status.name).toBe('RUNNING');
    await world.fastForward(id, { by: '2d' });
    expect(await watch.result()).toBe('succeeded');
  });

  it.concurrent('is found by looking when no webhook tells', async () => {
    const id = await cancelled({ paymentMethod: 'pm_card_pendingRefund' });
    const { payment } = (await world.sandbox.ask<{ urls: { payment: string } }>('GET', '/webhooks')).urls;
    await world.sandbox.ask('PUT', '/webhooks', { payment: 'http://127.0.0.1:9/nobody' });
    await bank(id, 'succeeded');
    await world.sandbox.ask('PUT', '/webhooks', { payment });
    await world.fastForward(id, { by: '2h' });
    await refundIs(id, 'succeeded');
  });

  it.concurrent('for more than a week calls a person, who waits', async () => {
    const id = await cancelled({ paymentMethod: 'pm_card_pendingRefund' });
    await world.fastForward(id, { by: '6d' });
    expect((await world.order(id)).needsAttention).toBeNull();
    await world.fastForward(id, { by: '2d' });
    await called(world, id, 'refund_pending');
    expect(await world.resolve(id, 'wait')).toMatchObject({ body: { answer: 'accepted' } });
    await world.until(id, (o) => o.needsAttention === null);
    await bank(id, 'succeeded');
    await refundIs(id, 'succeeded');
  });

  it.concurrent('fails: a person asks again', async () => {
    const id = await cancelled({ paymentMethod: 'pm_card_pendingRefund' });
    await bank(id, 'failed');
    expect(await called(world, id, 'refund_failed')).toMatchObject({
      status: 'cancelled',
      allowedActions: ['resolve'],
      needsAttention: { allowedActions: ['retry', 'settle_outside'] },
    });
    expect(await world.command(id, 'cancel')).toMatchObject({
      body: { answer: 'accepted', message: expect.stringContaining('failed at the gateway') as string },
    });
    expect(await world.resolve(id, 'retry')).toMatchObject({ body: { answer: 'accepted' } });
    await refundIs(id, 'pending');
    await bank(id, 'succeeded');
    await world.until(id, (o) => o.refund?.status === 'succeeded' && o.needsAttention === null);
    expect((await refunds(id)).map(({ status }) => status)).toEqual(['failed', 'succeeded']);
  });

  it.concurrent('waits for the customer: a person waits, then settles it outside', async () => {
    const id = await cancelled({ paymentMethod: 'pm_card_pendingRefund' });
    await bank(id, 'requires_action');
    await called(world, id, 'refund_requires_action');
    expect(await world.resolve(id, 'wait')).toMatchObject({ status: 200, body: { answer: 'accepted' } });
    await bank(id, 'failed');
    await called(world, id, 'refund_failed');
    expect(await world.resolve(id, 'settle_outside', 'SEPA 4711')).toMatchObject({
      body: { answer: 'accepted' },
    });
    await world.until(id, (o) => o.refund?.status === 'settled_outside' && o.needsAttention === null);
  });
});

describe('a refund that fails weeks after it succeeded', () => {
  it.concurrent('calls a person, who settles it outside, with proof', async () => {
    const id = await cancelled();
    await refundIs(id, 'succeeded');
    await bank(id, 'failed');
    await called(world, id, 'refund_failed');
    expect(await world.resolve(id, 'settle_outside')).toMatchObject({ status: 409 });
    expect((await world.order(id)).needsAttention?.reason).toBe('refund_failed');
    await world.resolve(id, 'settle_outside', 'SEPA 4711');
    expect(await refundIs(id, 'settled_outside')).toMatchObject({ status: 'cancelled' });
    expect(await world.temporal.workflow.getHandle(`refund-${id}`).result()).toBe('settled_outside');
    const told = await eventually(async () =>
      (await world.sandbox.mail(id)).find(({ subject }) => subject.includes('paid another way')),
    );
    expect(told.text).toContain('your refund of $');
    expect(told.text).not.toContain('4711');
  });

  it.concurrent('and again after it was asked for again', async () => {
    const id = await cancelled();
    for (const _ of [1, 2]) {
      await refundIs(id, 'succeeded');
      await bank(id, 'failed');
      await called(world, id, 'refund_failed');
      await world.resolve(id, 'retry');
    }
    await world.until(id, (o) => o.refund?.status === 'succeeded' && o.needsAttention === null);
    expect((await refunds(id)).map(({ status }) => status)).toEqual(['failed', 'failed', 'succeeded']);
  });
});

describe('the gateway during the refund', () => {
  it.concurrent.each([
    ['create_refund', 'error_500', { times: 3 }],
    ['create_refund', 'stored_500', { times: 1 }],
    ['create_refund', 'drop_reply', { times: 2 }],
    ['create_refund', 'timeout', { times: 1 }],
    ['retrieve_payment_intent', 'error_500', { times: 2 }],
  ])('%s, %s: one refund', async (operation, kind, more) => {
    const id = await placed(world);
    await gateway(id, operation, kind, more);
    await world.command(id, 'cancel');
    await world.untilStatus(id, 'cancelled');
    expect(await refunds(id)).toMatchObject([{ status: 'succeeded', amountMinor: 49_900 }]);
  });

  it.concurrent('loses the reply and forgets its keys before we ask again: one refund', async () => {
    const id = await placed(world);
    await gateway(id, 'create_refund', 'drop_reply', { times: 2 });
    const { id: list } = await gateway(id, 'list_refunds', 'error_500');
    await world.command(id, 'cancel');
    await eventually(async () => ((await world.log(id)).at(-1)?.attempts ?? 0) > 1);
    await world.sandbox.ask('POST', '/payment-gateway/forget-idempotency-keys');
    await world.sandbox.ask('DELETE', `/faults/${list}`);
    await world.untilStatus(id, 'cancelled');
    expect(await refunds(id)).toHaveLength(1);
  });

  it.concurrent(
    'is out for 30 days: a person is called, nobody gives up, one refund at the end',
    async () => {
      const id = await placed(world);
      const { id: outage } = await gateway(id, 'list_refunds', 'error_500');
      await world.command(id, 'cancel');
      await eventually(async () => (await world.log(id)).length === 2);
      await slowerRetries(id);
      await world.fastForward(id, { by: '20m' });
      await called(world, id, 'undo_failing');
      expect(await world.command(id, 'cancel')).toMatchObject({ body: { answer: 'accepted' } });
      expect(await world.resolve(id, 'wait')).toMatchObject({ status: 200, body: { answer: 'accepted' } });
      await world.fastForward(id, { by: '30d' });
      expect(await world.order(id)).toMatchObject({
        status: 'cancelling',
        reservation: { status: 'released' },
        needsAttention: { reason: 'undo_failing' },
      });
      await world.sandbox.ask('DELETE', `/faults/${outage}`);
      await world.fastForward(id, { by: '40d' });
      await world.until(id, (o) => o.status === 'cancelled' && o.needsAttention === null);
      expect(await refunds(id)).toMatchObject([{ amountMinor: 49_900, status: 'succeeded' }]);
      const last = (await world.log(id)).at(-1);
      expect(last).toMatchObject({ step: 'refund-payment', outcome: 'refunded' });
      expect(last?.attempts).toBeGreaterThan(10);
    },
  );
});

/** A retry every five minutes takes a second each to skip: let the waits grow instead. */
async function slowerRetries(id: string): Promise<void> {
  const workflowId = `order-${id}`;
  const pending = async () => {
    const { raw } = await world.temporal.workflow.getHandle(workflowId).describe();
    return raw.pendingActivities?.[0]?.activityId;
  };
  const activity = await eventually(pending);
  await world.temporal.workflowService.updateActivityOptions({
    namespace: world.temporal.options.namespace,
    execution: { workflowId },
    id: activity,
    activityOptions: { retryPolicy: { maximumInterval: { seconds: (30 * 86_400) as unknown as never } } },
    updateMask: { paths: ['retry_policy.maximum_interval'] },
  });
}

describe('money that was given back by hand before', () => {
  it.concurrent('a part of it: the rest is refunded', async () => {
    const id = await placed(world);
    await world.sandbox.refundByHand(id, 10_000);
    await world.command(id, 'cancel');
    await world.untilStatus(id, 'cancelled');
    expect((await refunds(id)).map(({ amountMinor }) => amountMinor)).toEqual([10_000, 39_900]);
  });

  it.concurrent('all of it: nothing more', async () => {
    const id = await placed(world);
    await world.sandbox.refundByHand(id, 49_900);
    await world.command(id, 'cancel');
    await world.untilStatus(id, 'cancelled');
    expect(await refunds(id)).toHaveLength(1);
  });

  it.concurrent('in yen, which have no cents', async () => {
    const sku = await world.addProduct({ price: 64_801, currency: 'JPY' });
    const id = await placed(world, { sku, quantity: 3 });
    await world.sandbox.refundByHand(id, 1);
    await world.command(id, 'cancel');
    await world.untilStatus(id, 'cancelled');
    expect((await refunds(id)).map(({ amountMinor }) => amountMinor)).toEqual([1, 194_402]);
  });
});
