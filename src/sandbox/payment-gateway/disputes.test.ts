import { afterAll, beforeAll, expect, it } from 'vitest';
import { newOrder, openWorld, pay, type World } from '../testing.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

async function disputed(): Promise<{ id: string; intent: string }> {
  const order = newOrder();
  const { id: intent } = await pay(world, order);
  const { json } = await world.control('POST', '/payment-gateway/disputes', { orderId: order });
  return { id: json.id, intent };
}

it('lists the disputes of all payments, newest first, in pages, since an instant, or of one payment', async () => {
  const payments = [await disputed(), await disputed(), await disputed()];
  const ids = payments.map(({ id }) => id);
  const seen: string[] = [];
  for await (const dispute of world.stripe.disputes.list({ limit: 2, created: { gte: 1 } })) {
    expect(dispute).toMatchObject({ object: 'dispute', status: 'needs_response', currency: 'eur' });
    seen.push(dispute.id);
  }
  expect([...seen].sort()).toEqual([...ids].sort());
  const first = await world.stripe.disputes.list({ limit: 2 });
  expect([first.url, first.has_more, first.data.length]).toEqual(['/v1/disputes', true, 2]);
  const later = Math.floor(Date.now() / 1000) + 60;
  expect((await world.stripe.disputes.list({ created: { gte: later } })).data).toEqual([]);
  const one = await world.stripe.disputes.list({
    payment_intent: payments[1]?.intent ?? '',
    expand: ['data.payment_intent'],
  });
  expect(one.data).toMatchObject([{ id: ids[1], payment_intent: { id: payments[1]?.intent } }]);
});
