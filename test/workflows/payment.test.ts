import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { placed, undone } from '../support/flows.js';
import { assertInvariants } from '../support/invariants.js';
import { createWorld, type World } from '../support/world.js';

/** One after the other: which order a fault hits is known only by its turn. */

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterEach(() => world.sandbox.clearFaults());
afterAll(async () => {
  try {
    await assertInvariants(world);
  } finally {
    await world.close();
  }
});

const gateway = (operation: string, kind: string, more: object = {}) =>
  world.sandbox.fault({ target: 'payment-gateway', operation, kind, ...more });
const charges = async (id: string): Promise<number> =>
  (await world.sandbox.books(id)).reduce((sum, book) => sum + book.charges, 0);

describe('the charge', () => {
  it('declined: rejected, the hold released, nothing charged', async () => {
    const sku = await world.addProduct({ capacity: 1 });
    const reply = await world.place({ sku, paymentMethod: 'pm_card_chargeDeclinedInsufficientFunds' });
    expect(reply).toMatchObject({ status: 402, body: { code: 'payment_declined' } });
    const id = reply.body.orderId;
    expect(await world.order(id)).toMatchObject({
      status: 'rejected',
      payment: { status: 'failed', failureCode: 'insufficient_funds' },
      reservation: { status: 'released' },
    });
    expect(await charges(id)).toBe(0);
    await placed(world, { sku });
  });

  it('asks for a customer who is not there: rejected, and the intent is cancelled', async () => {
    const reply = await world.place({ paymentMethod: 'pm_card_authenticationRequired' });
    expect(reply.status).toBe(402);
    expect(await world.order(reply.body.orderId)).toMatchObject({
      status: 'rejected',
      payment: { failureCode: 'authentication_required' },
    });
    expect(await world.sandbox.books(reply.body.orderId)).toMatchObject([{ status: 'canceled' }]);
  });

  it('asks for the customer, and nobody hears that the intent is cancelled: rejected all the same', async () => {
    await gateway('cancel_payment_intent', 'drop_reply', { times: 2 });
    const { id } = await world.placing({ paymentMethod: 'pm_card_authenticationRequired' });
    await world.untilStatus(id, 'rejected');
    expect((await world.order(id)).payment).toMatchObject({ failureCode: 'authentication_required' });
  });

  it.each([
    ['create_payment_intent', 'error_500', { times: 3 }],
    ['confirm_payment_intent', 'error_500', { times: 3 }],
    ['create_payment_intent', 'stored_500', { times: 1 }],
    ['create_payment_intent', 'drop_reply', { times: 2 }],
    ['confirm_payment_intent', 'drop_reply', { times: 2 }],
    ['create_payment_intent', 'timeout', { times: 1 }],
    ['confirm_payment_intent', 'timeout', { times: 1 }],
    ['confirm_payment_intent', 'delay', { times: 1, delayMs: 2_700 }],
  ])('is taken once: %s, %s', async (operation, kind, more) => {
    await gateway(operation, kind, more);
    const { id } = await world.placing();
    await world.untilStatus(id, 'awaiting_release');
    expect(await charges(id)).toBe(1);
  });

  it('comes back when the gateway said so: 429 with Retry-After', async () => {
    await gateway('create_payment_intent', 'rate_limit', { times: 2, retryAfterSeconds: 60 });
    const { id } = await world.placing();
    const order = world.temporal.workflow.getHandle(`order-${id}`);
    const interval = async () => {
      const { raw } = await order.describe().catch(() => ({ raw: undefined }));
      return Number(raw?.pendingActivities?.[0]?.currentRetryInterval?.seconds ?? 0);
    };
    await expect.poll(interval, { timeout: 60_000 }).toBe(60);
    await world.fastForward(id, { by: '61s' });
    await world.untilStatus(id, 'awaiting_release');
    expect(await charges(id)).toBe(1);
  });

  it('is shown as unknown, never as failed, while the gateway does not answer', async () => {
    await gateway('create_payment_intent', 'error_500');
    const { id } = await world.placing();
    await world.until(id, (o) => o.payment.status === 'unknown');
    expect((await world.order(id)).status).toBe('payment_pending');
    await world.sandbox.clearFaults();
    await world.untilStatus(id, 'awaiting_release');
  });

  it('is given up at the deadline', async () => {
    await gateway('create_payment_intent', 'error_500');
    const sku = await world.addProduct({
      releaseDate: new Date(Date.now() + 60_000).toISOString(),
      policy: { grace: '1m' },
    });
    const { id } = await world.placing({ sku });
    await world.until(id, (o) => o.payment.status === 'unknown');
    await world.fastForward(id, { by: '3m' });
    expect(await world.untilStatus(id, 'cancelled')).toMatchObject({ cancelReason: 'deadline' });
    expect(await charges(id)).toBe(0);
  });
});

describe('a cancel during the charge', () => {
  it('of a gateway that is down: nothing may be charged any more', async () => {
    await gateway('create_payment_intent', 'error_500');
    const { id } = await world.placing();
    await world.until(id, (o) => o.payment.status === 'unknown');
    expect(await world.command(id, 'cancel')).toMatchObject({ body: { answer: 'accepted' } });
    await world.untilStatus(id, 'cancelled');
    expect(await undone(world, id)).toEqual([
      'release-inventory: released',
      'refund-payment: nothing_charged',
    ]);
    expect(await charges(id)).toBe(0);
  });

  it('of a gateway that hangs: the intent is cancelled, which fences a late attempt', async () => {
    await gateway('confirm_payment_intent', 'timeout');
    const { id } = await world.placing();
    await world.until(id, (o) => o.payment.status === 'unknown');
    expect(await world.command(id, 'cancel')).toMatchObject({ body: { answer: 'accepted' } });
    await world.untilStatus(id, 'cancelled');
    expect(await undone(world, id)).toEqual([
      'release-inventory: released',
      'refund-payment: charge_stopped',
    ]);
    expect(await world.sandbox.books(id)).toMatchObject([{ status: 'canceled', charges: 0 }]);
  });

  it('that has landed, and nobody knew: it is refunded', async () => {
    await gateway('confirm_payment_intent', 'drop_reply', { times: 2 });
    await gateway('retrieve_payment_intent', 'error_500');
    const { id } = await world.placing();
    await world.until(id, (o) => o.payment.status === 'unknown');
    expect(await charges(id)).toBe(1);
    expect(await world.command(id, 'cancel')).toMatchObject({ body: { answer: 'accepted' } });
    await world.untilStatus(id, 'cancelling');
    await world.sandbox.clearFaults();
    expect(await world.untilStatus(id, 'cancelled')).toMatchObject({ refund: { status: 'succeeded' } });
    expect(await undone(world, id)).toEqual(['release-inventory: released', 'refund-payment: refunded']);
  });

  it('at any moment of placing, twenty orders', async () => {
    const sku = await world.addProduct();
    const orders = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        const { id, reply } = await world.placing({ sku });
        await new Promise((resolve) => setTimeout(resolve, i * 12));
        const [cancel] = await Promise.all([world.command(id, 'cancel'), reply]);
        return { id, answer: cancel.body.answer };
      }),
    );
    for (const { id, answer } of orders) {
      expect(['accepted', 'not_confirmed']).toContain(answer);
      await world.untilStatus(id, 'cancelled');
    }
    expect((await world.call('GET', `/api/products/${sku}`)).body).toMatchObject({
      capacity: 1000,
      left: 1000,
    });
  });
});

describe('the reservation', () => {
  it('refused, because capacity was cut while the payment was open: refunded', async () => {
    await gateway('confirm_payment_intent', 'drop_reply', { times: 2 });
    await gateway('retrieve_payment_intent', 'error_500');
    const sku = await world.addProduct({ capacity: 5 });
    const { id } = await world.placing({ sku });
    await world.until(id, (o) => o.payment.status === 'unknown');
    expect((await world.call('PATCH', `/api/products/${sku}`, { capacity: 0 })).status).toBe(200);
    await world.sandbox.clearFaults();
    expect(await world.untilStatus(id, 'cancelled')).toMatchObject({
      cancelReason: 'reservation_failed',
      refund: { status: 'succeeded' },
    });
    expect(await undone(world, id)).toEqual([
      'release-inventory: nothing_to_release',
      'refund-payment: refunded',
    ]);
  });

  it('of an order that waits is not cut', async () => {
    const sku = await world.addProduct({ capacity: 5 });
    const id = await placed(world, { sku });
    await world.call('PATCH', `/api/products/${sku}`, { capacity: 0 });
    expect(await world.order(id)).toMatchObject({ reservation: { status: 'reserved' } });
    expect((await world.call('GET', `/api/products/${sku}`)).body).toMatchObject({ capacity: 1, left: 0 });
  });
});
