import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, newOrder, ofType, openReceiver, openWorld, pay, type World } from '../testing.js';

let world: World;
let receiver: Awaited<ReturnType<typeof openReceiver>>;
beforeAll(async () => {
  receiver = await openReceiver();
  world = await openWorld({ paymentWebhookUrl: `${receiver.url}/stripe` });
});
afterAll(async () => {
  await world.close();
  await receiver.close();
});

const refund = (payment_intent: string, amount?: number) =>
  world.stripe.refunds.create({ payment_intent, amount });
const bookOf = async (order: string) => (await world.control('GET', `/books?orderId=${order}`)).json[0];

describe('refunds', () => {
  it('give back part by part and never more than was charged', async () => {
    const order = newOrder();
    const { id } = await pay(world, order);
    expect(await refund(id, 2000)).toMatchObject({ status: 'succeeded', amount: 2000 });
    expect(await failureOf(refund(id, 3001))).toMatchObject({ statusCode: 400, param: 'amount' });
    expect(await refund(id)).toMatchObject({ amount: 3000 });
    expect(await failureOf(refund(id))).toMatchObject({ statusCode: 400, code: 'charge_already_refunded' });
    const { data } = await world.stripe.refunds.list({ payment_intent: id });
    expect(data.map(({ amount }) => amount)).toEqual([3000, 2000]);
    expect(await bookOf(order)).toMatchObject({ chargedMinor: 5000, refundedMinor: 5000 });
    const intent = await world.stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] });
    expect(intent.latest_charge).toMatchObject({ amount_refunded: 5000, refunded: true });
  });

  it('need a successful charge', async () => {
    const { id } = await world.stripe.paymentIntents.create({ amount: 100, currency: 'eur' });
    expect(await failureOf(refund(id))).toMatchObject({ statusCode: 400 });
    expect(await failureOf(refund('pi_nothing'))).toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
    });
  });

  it('can fail after they succeeded, and the money can be refunded anew', async () => {
    const order = newOrder();
    const { id } = await pay(world, order, 'pm_card_refundFail');
    const first = await refund(id);
    expect(first.status).toBe('succeeded');
    await world.control('POST', `/refunds/${first.id}/status`, {
      status: 'failed',
      failure_reason: 'lost_or_stolen_card',
    });
    expect(await world.stripe.refunds.retrieve(first.id)).toMatchObject({
      status: 'failed',
      failure_reason: 'lost_or_stolen_card',
    });
    await receiver.next((hook) => ofType('refund.failed')(hook) && hook.body.includes(first.id));
    expect(await bookOf(order)).toMatchObject({ refundedMinor: 0 });
    await refund(id);
    expect(await bookOf(order)).toMatchObject({ refundedMinor: 5000, refunds: [{ status: 'failed' }, {}] });
    const revived = await world.control('POST', `/refunds/${first.id}/status`, { status: 'succeeded' });
    expect(revived.status).toBe(400);
  });

  it('can be pending, count as refunded meanwhile, and succeed', async () => {
    const order = newOrder();
    const { id } = await pay(world, order, 'pm_card_pendingRefund');
    const pending = await refund(id);
    expect(pending.status).toBe('pending');
    expect(await bookOf(order)).toMatchObject({ refundedMinor: 5000 });
    await world.control('POST', `/refunds/${pending.id}/status`, { status: 'succeeded' });
    await receiver.next((hook) => ofType('refund.updated')(hook) && hook.body.includes(pending.id));
    expect(await world.stripe.refunds.retrieve(pending.id)).toMatchObject({ status: 'succeeded' });
  });

  it('change by themselves when that is switched on', async () => {
    await world.control('PUT', '/payment-gateway/settings', { automaticRefundChangesAfterMs: 0 });
    const { id } = await pay(world, newOrder(), 'pm_card_refundFail');
    const { id: refundId } = await refund(id);
    await receiver.next((hook) => ofType('refund.failed')(hook) && hook.body.includes(refundId));
    await world.control('PUT', '/payment-gateway/settings', { automaticRefundChangesAfterMs: null });
  });

  it('can be made by hand at the dashboard', async () => {
    const order = newOrder();
    const { id } = await pay(world, order);
    const made = await world.control('POST', '/payment-gateway/refunds', {
      orderId: order,
      amountMinor: 1200,
    });
    expect(made.status).toBe(201);
    expect(await failureOf(refund(id, 5000))).toMatchObject({ statusCode: 400 });
    expect(await refund(id)).toMatchObject({ amount: 3800 });
    expect(await bookOf(order)).toMatchObject({ refundedMinor: 5000 });
  });
});
