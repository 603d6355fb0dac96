import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { newOrder, ofType, openReceiver, openWorld, pay, secrets, shipmentFor } from './testing.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const part of open.splice(0).reverse()) await part.close();
});
async function opened<T extends { close(): Promise<void> }>(part: Promise<T>): Promise<T> {
  open.push(await part);
  return part;
}

describe('webhooks', () => {
  it("carry Stripe's signature", async () => {
    const receiver = await opened(openReceiver());
    const world = await opened(openWorld({ paymentWebhookUrl: receiver.url }));
    const { id } = await pay(world, newOrder());
    const { body, headers } = await receiver.next(ofType('payment_intent.succeeded'));
    const signature = String(headers['stripe-signature']);
    const event = world.stripe.webhooks.constructEvent(body, signature, secrets.payment);
    expect(event).toMatchObject({ type: 'payment_intent.succeeded', data: { object: { id } } });
    expect(() => world.stripe.webhooks.constructEvent(`${body} `, signature, secrets.payment)).toThrow();
  });

  it("carry the delivery partner's HMAC", async () => {
    const receiver = await opened(openReceiver());
    const world = await opened(openWorld());
    await world.control('PUT', '/webhooks', { delivery: receiver.url });
    await world.partner('POST', '/shipments', shipmentFor('ref-1'));
    const { body, headers } = await receiver.next(ofType('shipment.accepted'));
    const expected = createHmac('sha256', secrets.delivery).update(body).digest('hex');
    expect(headers['x-hmac-signature']).toBe(`hmac-sha256-hex=${expected}`);
  });

  it('are tried again until somebody takes them', async () => {
    const receiver = await opened(openReceiver((_hook, nth) => (nth < 3 ? 503 : 200)));
    const world = await opened(openWorld({ paymentWebhookUrl: receiver.url }));
    await pay(world, newOrder());
    await receiver.next(() => receiver.all.length === 3);
    expect(new Set(receiver.all.map(({ body }) => body)).size).toBe(1);
  });

  it('are replayed on command, many times and backwards', async () => {
    const receiver = await opened(openReceiver());
    const world = await opened(openWorld({ deliveryWebhookUrl: receiver.url }));
    await world.partner('POST', '/shipments', shipmentFor('po_a:1'));
    await world.partner('POST', '/shipments', shipmentFor('po_b:1'));
    await world.control('POST', '/shipments/po_a:1/events', { status: 'in_transit' });
    await receiver.next(() => receiver.all.length === 3);
    const replay = await world.control('POST', '/webhooks/replay', {
      orderId: 'po_a',
      times: 50,
      reverse: true,
    });
    expect(replay.json).toEqual({ sent: 100, accepted: 100 });
    const names = receiver.all
      .slice(3)
      .map(({ body }) => (JSON.parse(body) as { description: string }).description);
    expect(names).toEqual([
      ...Array<string>(50).fill('tracker.updated'),
      ...Array<string>(50).fill('shipment.accepted'),
    ]);
  });
});
