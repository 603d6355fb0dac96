import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { awaitingPickup, inTransit, placed, started, undone, withoutTrace } from '../support/flows.js';
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

const day = 86_400_000;
const inDays = (days: number): string => new Date(Date.now() + days * day).toISOString();

describe('placing', () => {
  it.concurrent('charges once and holds the units', async () => {
    const sku = await world.addProduct({ capacity: 3 });
    const id = await placed(world, { sku, quantity: 2 });
    expect(await world.order(id)).toMatchObject({ reservation: { status: 'reserved', quantity: 2 } });
    expect((await world.call('GET', `/api/products/${sku}`)).body).toMatchObject({ left: 1 });
    expect(await world.place({ sku, quantity: 2 })).toMatchObject({
      status: 409,
      body: { code: 'sold_out' },
    });
  });

  it.concurrent('gives the same order for the same key and body, and refuses another body', async () => {
    const sku = await world.addProduct();
    const wish = { sku, key: 'the-same-key-again', email: 'same@example.com' };
    const replies = await Promise.all([1, 2, 3, 4, 5].map(() => world.place(wish)));
    expect(new Set(replies.map((reply) => reply.body.orderId)).size).toBe(1);
    const other = await world.place({ ...wish, quantity: 2 });
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    const orders = await world.call<{ orders: unknown[] }>('GET', `/api/orders?sku=${sku}`);
    expect(orders.body.orders).toHaveLength(1);
  });

  it.concurrent(
    'refuses a product whose deadline has passed, before anything is held or charged',
    async () => {
      const sku = await world.addProduct({
        releaseDate: new Date(Date.now() + 300).toISOString(),
        policy: { grace: '0s' },
      });
      await eventually(async () => (await world.place({ sku })).body.code === 'deadline_passed');
      const product = await world.call<{ left: number; capacity: number }>('GET', `/api/products/${sku}`);
      const orders = await world.call<{ orders: { orderId: string }[] }>('GET', `/api/orders?sku=${sku}`);
      const open = orders.body.orders.length;
      await Promise.all(orders.body.orders.map(({ orderId }) => world.untilStatus(orderId, 'cancelled')));
      expect(product.body.capacity - product.body.left).toBeLessThanOrEqual(open);
    },
  );
});

describe('waiting for the release', () => {
  it.concurrent('is cancelled by its customer: refunded, and the unit is free again', async () => {
    const sku = await world.addProduct({ capacity: 1 });
    const reply = await world.place({ sku });
    const id = reply.body.orderId;
    const asCustomer = { authorization: `Bearer ${reply.body.token}` };
    const answer = await world.call('POST', `/api/orders/${id}/cancel`, undefined, asCustomer);
    expect(answer).toMatchObject({ status: 200, body: { answer: 'accepted' } });
    const order = await world.untilStatus(id, 'cancelled');
    const asked = Date.parse(order.cancelRequestedAt ?? '');
    expect(asked).toBeGreaterThan(Date.parse(order.placedAt));
    expect(asked).toBeLessThanOrEqual(Date.parse(order.updatedAt));
    expect(order).toMatchObject({
      cancelReason: 'customer',
      reservation: { status: 'released' },
      refund: { status: 'succeeded', amount: 49_900 },
    });
    expect(await undone(world, id)).toEqual(['release-inventory: released', 'refund-payment: refunded']);
    await placed(world, { sku });
  });

  it.concurrent('answers two cancels and ten clicks alike, and refunds once', async () => {
    const id = await placed(world);
    const clicks = await Promise.all([
      ...Array.from({ length: 10 }, () => world.command(id, 'cancel', undefined, 'the-same-click')),
      world.command(id, 'cancel'),
      world.command(id, 'cancel'),
    ]);
    expect(new Set(clicks.map(({ status, body }) => `${status} ${body.answer}`))).toEqual(
      new Set(['200 accepted']),
    );
    await world.untilStatus(id, 'cancelled');
    expect((await world.sandbox.books(id)).flatMap((book) => book.refunds)).toHaveLength(1);
    expect(await world.command(id, 'cancel')).toMatchObject({
      status: 200,
      body: { answer: 'accepted', message: expect.stringContaining('refund has been paid') as string },
    });
  });

  it.concurrent('starts once, however many people click', async () => {
    const id = await placed(world);
    const clicks = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        world.command(id, 'start-fulfillment', undefined, i < 5 ? 'one-click-more' : undefined),
      ),
    );
    expect(clicks.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
    expect(clicks.filter(({ status }) => status !== 200 && status !== 409)).toEqual([]);
    await world.untilStatus(id, 'awaiting_pickup');
    expect(await world.sandbox.shipments(id)).toHaveLength(1);
  });

  it.concurrent('waits until its deadline and is then cancelled and refunded', async () => {
    const id = await placed(world);
    const before = await world.fastForward(id, { to: 'release' });
    expect(before.status).toBe('awaiting_release');
    // Less by what the skipping itself took.
    expect(before.timeLeftMs).toBeLessThanOrEqual(7 * day);
    expect(before.timeLeftMs).toBeGreaterThan(7 * day - 60_000);
    const justBefore = await world.fastForward(id, { by: '6d23h58m' });
    expect(justBefore.status).toBe('awaiting_release');
    await world.fastForward(id, { to: 'deadline' });
    expect(await world.untilStatus(id, 'cancelled')).toMatchObject({
      cancelReason: 'deadline',
      cancelRequestedAt: null,
      refund: { status: 'succeeded' },
    });
    expect(await undone(world, id)).toEqual(['release-inventory: released', 'refund-payment: refunded']);
  });

  it.concurrent('takes the grace from the policy of its product, frozen when it was placed', async () => {
    const sku = await world.addProduct({ releaseDate: inDays(10), policy: { grace: '36h' } });
    const id = await placed(world, { sku });
    expect((await world.order(id)).timeLeftMs).toBeCloseTo(11.5 * day, -5);
    expect((await world.fastForward(id, { by: '11d11h' })).status).toBe('awaiting_release');
    await world.fastForward(id, { by: '2h' });
    expect((await world.untilStatus(id, 'cancelled')).cancelReason).toBe('deadline');
  });

  it.concurrent('can still be started just before its deadline, and not after it', async () => {
    const [early, late] = await Promise.all([placed(world), placed(world)]);
    await Promise.all([
      world.fastForward(early, { by: `${97 * 24 - 1}h` }),
      world.fastForward(late, { to: 'deadline' }),
    ]);
    expect(await world.command(early, 'start-fulfillment')).toMatchObject({ body: { answer: 'accepted' } });
    expect(await world.command(late, 'start-fulfillment')).toMatchObject({
      status: 409,
      body: { code: 'not_allowed' },
    });
    await world.untilStatus(late, 'cancelled');
  });

  it.concurrent('starts by itself at the release when the policy says so', async () => {
    const policy = { startFulfillment: 'at_release', grace: '365d', remindersBeforeAttention: 100 };
    const sku = await world.addProduct({ policy });
    const [id, cancelled] = await Promise.all([placed(world, { sku }), placed(world, { sku })]);
    await world.command(cancelled, 'cancel');
    expect((await world.fastForward(id, { by: '89d' })).status).toBe('awaiting_release');
    await world.fastForward(id, { by: '25h' });
    await world.untilStatus(id, 'awaiting_pickup');
    await world.untilStatus(cancelled, 'cancelled');
    // Its delivery does not go on skipping time by itself.
    expect(await world.order(id)).toMatchObject({ needsAttention: null });
    const delivery = await world.temporal.workflow.getHandle(`delivery-${id}`).describe();
    expect(delivery.status.name).toBe('RUNNING');
  });

  it.concurrent('does not wait for a mail', async () => {
    await world.sandbox.fault({
      target: 'mail',
      operation: 'send_mail',
      kind: 'error_500',
      match: 'no-mail@',
    });
    const id = await placed(world, { email: 'no-mail@example.com' });
    await world.command(id, 'cancel');
    await world.untilStatus(id, 'cancelled');
    const notices = await world.database.db
      .selectFrom('outbox')
      .selectAll()
      .where('order_id', '=', id)
      .execute();
    expect(notices.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['order_confirmed', 'order_cancelled']),
    );
    expect(notices.every(({ sent_at }) => sent_at === null)).toBe(true);
    expect(await world.sandbox.mail(id)).toEqual([]);
  });
});

describe('what is refused leaves no trace', () => {
  it.concurrent('start-fulfillment once it has been started', async () => {
    const id = await awaitingPickup(world);
    const reply = await withoutTrace(world, id, () => world.command(id, 'start-fulfillment'));
    expect(reply).toMatchObject({
      status: 409,
      body: { code: 'not_allowed', detail: expect.stringContaining('awaiting_pickup') as string },
    });
  });

  it.concurrent('confirm-delivery before pickup, and item-picked before fulfillment', async () => {
    const [waiting, booked] = [await placed(world), await awaitingPickup(world)];
    const delivered = await withoutTrace(world, booked, () => world.command(booked, 'confirm-delivery'));
    expect(delivered).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('after the item was picked up') as string },
    });
    const picked = await withoutTrace(world, waiting, () => world.command(waiting, 'item-picked'));
    expect(picked.status).toBe(409);
  });

  it.concurrent(
    'a cancel in transit, after delivery, or of a declined order: an answer with instructions',
    async () => {
      const declined = await world.place({ paymentMethod: 'pm_card_chargeDeclined' });
      const moving = await inTransit(world);
      const done = await inTransit(world);
      await world.command(done, 'confirm-delivery');
      for (const [id, words] of [
        [moving, 'send it back within 14 days'],
        [done, 'ask for a return'],
        [declined.body.orderId ?? '', 'declined'],
      ] as const) {
        const reply = await withoutTrace(world, id, () => world.command(id, 'cancel'));
        expect(reply).toMatchObject({
          status: 200,
          body: { answer: 'rejected', message: expect.stringContaining(words) as string },
        });
      }
    },
  );

  it.concurrent('resolve where nobody was called', async () => {
    const id = await started(world);
    const reply = await withoutTrace(world, await placed(world), () => world.resolve(id, 'wait'));
    expect(reply).toMatchObject({ status: 409 });
  });
});
