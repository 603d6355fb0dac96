import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failureOf, newOrder, openWorld, pay, shipmentFor, type World } from './testing.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(() => world.control('DELETE', '/faults'));

const orderFault = (fault: Record<string, unknown>) =>
  world.control('POST', '/faults', { target: 'payment-gateway', ...fault });
const hits = async () => (await world.control('GET', '/faults')).json.map((fault) => fault.hits);

describe('faults', () => {
  it('count their hits and end by themselves', async () => {
    const made = await orderFault({ kind: 'error_500', operation: 'create_payment_intent', times: 2 });
    expect(made).toMatchObject({ status: 201, json: { hits: 0, kind: 'error_500' } });
    await failureOf(pay(world, newOrder()));
    await world.stripe.paymentIntents.list();
    expect(await hits()).toEqual([1]);
    await failureOf(pay(world, newOrder()));
    await pay(world, newOrder());
    expect(await hits()).toEqual([2]);
    expect((await world.control('DELETE', `/faults/${made.json.id}`)).status).toBe(204);
    expect(await hits()).toEqual([]);
    expect((await world.control('DELETE', '/faults/fault_none')).status).toBe(404);
  });

  it('strike only the order they name, also where the request names it by an id alone', async () => {
    const [meant, other] = [newOrder(), newOrder()];
    const { id } = await pay(world, meant);
    const bystander = await pay(world, other);
    await orderFault({ kind: 'error_500', match: meant });
    await failureOf(world.stripe.paymentIntents.retrieve(id));
    await failureOf(world.stripe.refunds.create({ payment_intent: id }));
    await failureOf(world.stripe.refunds.list({ payment_intent: id }));
    await world.stripe.paymentIntents.retrieve(bystander.id);
    expect(await hits()).toEqual([3]);
  });

  it('rate limits say when to come back', async () => {
    await orderFault({ kind: 'rate_limit', retryAfterSeconds: 7, times: 1 });
    const error = await failureOf(pay(world, newOrder()));
    expect(error).toMatchObject({
      type: 'StripeRateLimitError',
      statusCode: 429,
      headers: { 'retry-after': '7' },
    });
  });

  it('drop the reply after the work was done', async () => {
    const order = newOrder();
    // stripe-node tries once more by itself when a connection is cut, hence two.
    await orderFault({ kind: 'drop_reply', match: order, times: 2 });
    expect(await failureOf(pay(world, order))).toMatchObject({ type: 'StripeConnectionError' });
    expect(await hits()).toEqual([2]);
    const { json } = await world.control('GET', `/books?orderId=${order}`);
    expect(json).toMatchObject([{ charges: 1, chargedMinor: 5000 }]);
  });

  it('refuse the connection before the work', async () => {
    const order = newOrder();
    await orderFault({ kind: 'refuse_connection', match: order });
    expect(await failureOf(pay(world, order))).toMatchObject({ type: 'StripeConnectionError' });
    expect((await world.control('GET', `/books?orderId=${order}`)).json).toEqual([]);
  });

  it('hang until the client gives up, and free the idempotency key then', async () => {
    const order = newOrder();
    const charge = (timeout?: number) =>
      world.stripe.paymentIntents.create(
        { amount: 100, currency: 'eur', metadata: { order_id: order } },
        { idempotencyKey: `${order}:charge`, ...(timeout ? { timeout } : {}) },
      );
    await orderFault({ kind: 'timeout', match: order, times: 1 });
    expect(await failureOf(charge(50))).toMatchObject({ type: 'StripeConnectionError' });
    await expect
      .poll(() =>
        charge().then(
          ({ object }) => object,
          () => 'locked',
        ),
      )
      .toBe('payment_intent');
  });

  it('work at the delivery partner', async () => {
    const fault = { target: 'delivery-partner', operation: 'create_shipment', times: 1 };
    await world.control('POST', '/faults', { ...fault, kind: 'drop_reply', match: 'po_lost' });
    await expect(world.partner('POST', '/shipments', shipmentFor('po_lost:1'))).rejects.toThrow();
    const { json } = await world.partner('GET', '/shipments?reference=po_lost:1');
    expect(json.shipments).toMatchObject([{ reference: 'po_lost:1', status: 'accepted' }]);
    const id = json.shipments[0]?.id;
    await world.control('POST', '/faults', {
      target: 'delivery-partner',
      kind: 'error_500',
      match: 'po_lost',
    });
    expect(await world.partner('POST', `/shipments/${id}/reminders`)).toMatchObject({ status: 500 });
  });

  it.each([
    [{ kind: 'explode' }, 'refuse_connection'],
    [{ kind: 'delay', operation: 'steal' }, 'confirm_payment_intent'],
    [{ kind: 'delay', target: 'moon' }, 'delivery-partner'],
    [{ kind: 'stored_500', target: 'mail' }, 'payment-gateway'],
  ])('that do not exist are refused with the list of those that do: %j', async (fault, named) => {
    const { status, json } = await orderFault(fault);
    expect(status).toBe(400);
    expect(json.error).toContain(named);
  });
});
