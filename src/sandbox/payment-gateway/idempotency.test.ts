import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failureOf, newOrder, openWorld, type World } from '../testing.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(() => world.control('DELETE', '/faults'));

function charge(order: string, amount = 700, card = 'pm_card_visa') {
  const metadata = { order_id: order };
  return world.stripe.paymentIntents.create(
    { amount, currency: 'eur', payment_method: card, confirm: true, metadata },
    { idempotencyKey: `${order}:charge` },
  );
}
const books = async (order: string) => (await world.control('GET', `/books?orderId=${order}`)).json;

describe('idempotency keys', () => {
  it('replay the stored reply', async () => {
    const order = newOrder();
    const first = await charge(order);
    const second = await charge(order);
    expect(second.id).toBe(first.id);
    expect((second.lastResponse as unknown as { headers: Record<string, string> }).headers).toMatchObject({
      'idempotent-replayed': 'true',
    });
    expect(await books(order)).toHaveLength(1);
  });

  it('replay a decline too, but not a request that was malformed', async () => {
    const order = newOrder();
    const first = await failureOf(charge(order, 700, 'pm_card_chargeDeclined'));
    const second = await failureOf(charge(order, 700, 'pm_card_chargeDeclined'));
    expect(second.payment_intent?.id).toBe(first.payment_intent?.id);
    const other = newOrder();
    await failureOf(charge(other, 700, 'pm_card_unheardOf'));
    expect(await charge(other)).toMatchObject({ status: 'succeeded' });
  });

  it('refuse other parameters, and another endpoint', async () => {
    const order = newOrder();
    const { id } = await charge(order);
    const error = await failureOf(charge(order, 701));
    expect(error).toMatchObject({ type: 'StripeIdempotencyError', statusCode: 400 });
    const elsewhere = world.stripe.refunds.create(
      { payment_intent: id },
      { idempotencyKey: `${order}:charge` },
    );
    expect(await failureOf(elsewhere)).toMatchObject({ type: 'StripeIdempotencyError' });
    expect(await books(order)).toMatchObject([{ refundedMinor: 0 }]);
  });

  it('are locked while a request runs', async () => {
    const order = newOrder();
    await world.control('POST', '/faults', {
      target: 'payment-gateway',
      kind: 'delay',
      delayMs: 300,
      times: 1,
      match: order,
    });
    const outcomes = await Promise.allSettled([charge(order), charge(order)]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refused = outcomes.find((outcome) => outcome.status === 'rejected')?.reason as {
      statusCode: number;
    };
    expect(refused).toMatchObject({ statusCode: 409, rawType: 'idempotency_error' });
    expect(await books(order)).toHaveLength(1);
  });

  it('keep a stored 500, while a plain 500 leaves no trace', async () => {
    const [plain, stored] = [newOrder(), newOrder()];
    const fault = { target: 'payment-gateway', times: 1 };
    await world.control('POST', '/faults', { ...fault, kind: 'error_500', match: plain });
    await world.control('POST', '/faults', { ...fault, kind: 'stored_500', match: stored });
    expect(await failureOf(charge(plain))).toMatchObject({ statusCode: 500 });
    expect(await charge(plain)).toMatchObject({ status: 'succeeded' });
    expect(await failureOf(charge(stored))).toMatchObject({ statusCode: 500 });
    const again = await failureOf(charge(stored));
    expect(again).toMatchObject({ statusCode: 500, headers: { 'idempotent-replayed': 'true' } });
    expect(await books(stored)).toEqual([]);
  });

  it('once forgotten let the call run again', async () => {
    const order = newOrder();
    await charge(order);
    await world.control('POST', '/payment-gateway/forget-idempotency-keys');
    await charge(order);
    expect(await books(order)).toHaveLength(2);
  });
});
