import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, newOrder, openWorld, pay, type World } from '../testing.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const bookOf = async (order: string) => (await world.control('GET', `/books?orderId=${order}`)).json[0];

describe('payment intents', () => {
  it('are created, confirmed and charged once', async () => {
    const order = newOrder();
    const created = await world.stripe.paymentIntents.create({
      amount: 129_900,
      currency: 'EUR',
      payment_method: 'pm_card_visa',
      metadata: { order_id: order },
    });
    expect(created).toMatchObject({ status: 'requires_confirmation', amount: 129_900, currency: 'eur' });
    expect(await bookOf(order)).toMatchObject({ chargedMinor: 0, charges: 0 });

    const paid = await world.stripe.paymentIntents.confirm(created.id);
    expect(paid).toMatchObject({ status: 'succeeded', amount_received: 129_900 });
    const seen = await world.stripe.paymentIntents.retrieve(created.id, { expand: ['latest_charge'] });
    expect(seen.latest_charge).toMatchObject({
      object: 'charge',
      amount: 129_900,
      paid: true,
      refunded: false,
    });
    expect(await world.stripe.charges.retrieve(paid.latest_charge as string)).toMatchObject({
      status: 'succeeded',
    });
    expect(await bookOf(order)).toEqual({
      orderId: order,
      paymentIntent: created.id,
      status: 'succeeded',
      amountMinor: 129_900,
      currency: 'eur',
      chargedMinor: 129_900,
      refundedMinor: 0,
      disputedMinor: 0,
      disputes: [],
      refunds: [],
      charges: 1,
    });
    const again = await failureOf(world.stripe.paymentIntents.confirm(created.id));
    expect(again).toMatchObject({ code: 'payment_intent_unexpected_state', statusCode: 400 });
  });

  it.each([
    ['pm_card_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', 'expired_card'],
  ])('decline %s with 402', async (card, code, decline) => {
    const order = newOrder();
    const error = await failureOf(pay(world, order, card));
    expect(error).toMatchObject({ type: 'StripeCardError', statusCode: 402, code, decline_code: decline });
    expect(error.payment_intent).toMatchObject({ status: 'requires_payment_method' });
    const intent = await world.stripe.paymentIntents.retrieve(error.payment_intent?.id ?? '');
    expect(intent.last_payment_error).toMatchObject({ code, decline_code: decline });
    expect(await bookOf(order)).toMatchObject({ chargedMinor: 0, charges: 0 });

    const rescued = await world.stripe.paymentIntents.confirm(intent.id, {
      payment_method: 'pm_card_mastercard',
    });
    expect(rescued).toMatchObject({ status: 'succeeded', last_payment_error: null });
  });

  it('ask for authentication, or decline when nobody is there to answer', async () => {
    const waiting = await pay(world, newOrder(), 'pm_card_authenticationRequired');
    expect(waiting).toMatchObject({ status: 'requires_action', next_action: { type: 'use_stripe_sdk' } });
    const error = await failureOf(world.stripe.paymentIntents.confirm(waiting.id, { off_session: true }));
    expect(error).toMatchObject({ statusCode: 402, code: 'authentication_required' });
  });

  it('once canceled, fence a late confirmation', async () => {
    const order = newOrder();
    const { id } = await world.stripe.paymentIntents.create({
      amount: 100,
      currency: 'eur',
      payment_method: 'pm_card_visa',
      metadata: { order_id: order },
    });
    expect(await world.stripe.paymentIntents.cancel(id)).toMatchObject({ status: 'canceled' });
    const error = await failureOf(world.stripe.paymentIntents.confirm(id));
    expect(error).toMatchObject({ code: 'payment_intent_unexpected_state', statusCode: 400 });
    expect(error.payment_intent).toMatchObject({ id, status: 'canceled' });
    expect(await bookOf(order)).toMatchObject({ charges: 0, status: 'canceled' });
  });

  it('cannot be canceled after success', async () => {
    const { id } = await pay(world, newOrder());
    const error = await failureOf(world.stripe.paymentIntents.cancel(id));
    expect(error).toMatchObject({ code: 'payment_intent_unexpected_state', statusCode: 400 });
  });

  it('refuse what Stripe refuses', async () => {
    const intents = world.stripe.paymentIntents;
    expect(await failureOf(pay(world, newOrder(), 'pm_card_unheardOf'))).toMatchObject({
      statusCode: 400,
      code: 'resource_missing',
      param: 'payment_method',
    });
    expect(await failureOf(intents.retrieve('pi_nothing'))).toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
    });
    expect(await failureOf(intents.create({ amount: 1.5, currency: 'eur' }))).toMatchObject({
      code: 'parameter_invalid_integer',
      param: 'amount',
    });
    expect(await failureOf(intents.create({ currency: 'eur' } as never))).toMatchObject({
      code: 'parameter_missing',
      param: 'amount',
    });
    const unknown = { amount: 1, currency: 'eur', color: 'red' } as never;
    expect(await failureOf(intents.create(unknown))).toMatchObject({
      code: 'parameter_unknown',
      param: 'color',
    });
    expect((await fetch(`${world.url}/v1/payment_intents`)).status).toBe(401);
    expect(
      await (
        await fetch(`${world.url}/v1/nothing`, { headers: { authorization: 'Bearer sk_test_x' } })
      ).json(),
    ).toMatchObject({ error: { type: 'invalid_request_error' } });
  });

  it('are listed newest first, page by page', async () => {
    const own = await openWorld();
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.unshift((await pay(own, newOrder())).id);
    const first = await own.stripe.paymentIntents.list({ limit: 2 });
    expect(first).toMatchObject({ has_more: true, data: [{ id: ids[0] }, { id: ids[1] }] });
    const all: string[] = [];
    for await (const intent of own.stripe.paymentIntents.list({ limit: 2, created: { gte: 1 } }))
      all.push(intent.id);
    expect(all).toEqual(ids);
    await own.close();
  });
});
