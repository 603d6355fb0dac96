import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Figures } from '../../src/contract/console.js';
import type { Reconciliation } from '../../src/contract/reconciliation.js';
import { called, placed } from '../support/flows.js';
import {
  atGateway,
  chargedByHand,
  findingsOf,
  kindsOf,
  loseWebhooks,
  reconcile,
  terminate,
} from '../support/reconciling.js';
import { createWorld, type World } from '../support/world.js';

/** Money that does not fit, with every webhook of the gateway lost. */

let world: World;
let closeHole: () => void;
beforeAll(async () => {
  world = await createWorld();
  closeHole = await loseWebhooks(world);
});
afterAll(async () => {
  await world.close();
  closeHole();
});

const change = (statement: ReturnType<typeof sql>) => statement.execute(world.database.db);
const books = async (id: string) => {
  const [book] = await world.sandbox.books(id);
  if (!book) throw new Error(`no book of ${id}`);
  return book;
};

async function cancelled(paymentMethod = 'pm_card_visa'): Promise<string> {
  const id = await placed(world, { paymentMethod });
  await world.command(id, 'cancel');
  await world.untilStatus(id, 'cancelled');
  return id;
}

async function bankSays(id: string, status: string): Promise<void> {
  await world.sandbox.refundStatus((await books(id)).refunds.at(-1)?.id ?? '', status);
}

describe('a charge', () => {
  it('without an order, until it is given back', async () => {
    const intent = await chargedByHand(world, { amount: 1_234 });
    expect(await findingsOf(world, intent)).toEqual([`charge_without_order: ${intent} holds $12.34`]);
    await atGateway(world, '/refunds', { payment_intent: intent, amount: '1000' });
    expect(await findingsOf(world, intent)).toEqual([`charge_without_order: ${intent} holds $2.34`]);
    await atGateway(world, '/refunds', { payment_intent: intent });
    expect(await findingsOf(world, intent)).toEqual([]);
  });

  it('of an order that exists at the gateway only', async () => {
    const intent = await chargedByHand(world, {
      amount: 500,
      currency: 'jpy',
      orderId: 'po_00000000000000gone',
    });
    expect(await findingsOf(world, intent)).toEqual([`charge_without_order: ${intent} holds ¥500`]);
  });

  it('a second one for the same order', async () => {
    const id = await placed(world);
    const intent = await chargedByHand(world, { amount: 49_900, orderId: id });
    expect(await findingsOf(world, intent)).toEqual([`second_charge: ${intent} holds $499.00`]);
    expect((await world.order(id)).needsAttention?.reason).toBe('does_not_reconcile');
    // The customer's bank takes it back: nobody holds it any more, and nobody refunds it as well.
    await world.sandbox.ask('POST', '/payment-gateway/disputes', { paymentIntent: intent });
    expect(await findingsOf(world, intent)).toEqual([]);
  });

  it.each([
    ['amount', sql`amount_minor = 49899`, '($498.99|USD)'],
    ['currency', sql`currency = 'EUR'`, 'EUR'],
  ])('of another %s than the order’s', async (_what, difference, said) => {
    const id = await placed(world);
    await change(sql`update orders set ${difference} where id = ${id}`);
    const found = await findingsOf(world, id);
    expect(found.join()).toMatch(/charge_differs: pi_\w+ has charged \$499\.00 \(USD\), the order is /);
    expect(found.join()).toContain(said === 'EUR' ? 'EUR' : '$498.99');
  });

  it('that landed after the order was rejected: a person is called to give it back', async () => {
    const { body } = await world.place({ paymentMethod: 'pm_card_chargeDeclined' });
    const { paymentIntent } = await books(body.orderId);
    await atGateway(world, `/payment_intents/${paymentIntent}/confirm`, { payment_method: 'pm_card_visa' });
    const found = await findingsOf(world, body.orderId);
    expect(found).toContain(`charge_kept: rejected; $499.00 of ${paymentIntent} is not refunded`);
    await called(world, body.orderId, 'refund_owed');
    expect((await books(body.orderId)).refunds).toEqual([]);
  });

  it('behind a hundred others is found, too', async () => {
    const intent = await chargedByHand(world, { amount: 777 });
    for (let n = 0; n < 110; n++)
      await atGateway(world, '/payment_intents', {
        amount: '1',
        currency: 'usd',
        payment_method: 'pm_card_visa',
      });
    expect(await kindsOf(world, intent)).toEqual(['charge_without_order']);
  });
});

describe('a refund', () => {
  it('made by hand, of an order that goes on', async () => {
    const id = await placed(world);
    await world.sandbox.refundByHand(id, 1);
    expect(await findingsOf(world, id)).toEqual([
      'ledger_differs: ledger: $499.00 charged, $0.00 refunded; gateway: $499.00 charged, $0.01 refunded',
    ]);
    expect((await world.order(id)).status).toBe('awaiting_release');
  });

  it('that failed after it had succeeded: its watch is started, and calls a person; no money moves', async () => {
    const id = await cancelled();
    await bankSays(id, 'failed');
    const { findings } = await reconcile(world);
    expect(findings.filter(({ orderId }) => orderId === id).map(({ kind }) => kind)).toEqual([
      'ledger_differs',
      'charge_kept',
    ]);
    await called(world, id, 'refund_failed');
    expect((await books(id)).refunds.map(({ status }) => status)).toEqual(['failed']);
    expect(await findingsOf(world, id)).toEqual([]);
    await world.resolve(id, 'retry');
    await world.until(id, (o) => o.refund?.status === 'succeeded' && o.needsAttention === null);
  });

  it('that the bank pays although a person has settled it another way', async () => {
    const id = await cancelled('pm_card_pendingRefund');
    await world.fastForward(id, { by: '8d' });
    await called(world, id, 'refund_pending');
    await world.resolve(id, 'settle_outside', 'SEPA 4711');
    await world.until(id, (order) => order.needsAttention === null);
    const watch = world.temporal.workflow.getHandle(`refund-${id}`);
    expect(await findingsOf(world, id)).toEqual([]);
    await bankSays(id, 'succeeded');
    const twice = 'refunded_twice: $499.00 charged, $998.00 refunded: ask for $499.00 back';
    expect(await findingsOf(world, id)).toEqual([
      'ledger_differs: ledger: $499.00 charged, $499.00 refunded; gateway: $499.00 charged, $998.00 refunded',
      twice,
    ]);
    expect((await world.order(id)).needsAttention?.reason).toBe('does_not_reconcile');
    expect(await watch.result()).toBe('settled_outside');
    expect(await findingsOf(world, id)).toEqual([twice]);
  });

  it('that nobody watches any more: watched again', async () => {
    const id = await cancelled('pm_card_pendingRefund');
    await terminate(world, `refund-${id}`);
    expect(await findingsOf(world, id)).toEqual([
      'refund_unwatched: cancelled; its refund is neither settled nor watched',
    ]);
    expect((await world.temporal.workflow.getHandle(`refund-${id}`).describe()).status.name).toBe('RUNNING');
    expect(await findingsOf(world, id)).toEqual([]);
  });
});

describe('a dispute', () => {
  const watch = (id: string) => world.temporal.workflow.getHandle(`refund-${id}`);

  it('of an order that goes on: its watch is started, and calls a person; no money moves', async () => {
    const id = await placed(world);
    const { id: dispute } = await world.sandbox.dispute(id);
    expect(await findingsOf(world, id)).toEqual([
      `dispute_missed: ${dispute} over $499.00 is open at the gateway, and unknown here`,
    ]);
    await called(world, id, 'disputed');
    expect(await findingsOf(world, id)).toEqual([]);
    await world.sandbox.decideDispute(dispute, 'lost');
    expect(await findingsOf(world, id)).toEqual([
      `dispute_missed: ${dispute} over $499.00 is lost at the gateway, and open here`,
    ]);
    await called(world, id, 'dispute_lost');
    expect(await world.order(id)).toMatchObject({
      status: 'awaiting_release',
      payment: { status: 'disputed' },
    });
    expect((await books(id)).refunds).toEqual([]);
    await world.resolve(id, 'accept_loss');
    expect(await watch(id).result()).toBe('loss_accepted');
    expect(await findingsOf(world, id)).toEqual([]);
  });

  it('although the money was refunded', async () => {
    const id = await cancelled();
    const { id: dispute } = await world.sandbox.dispute(id);
    expect(await kindsOf(world, id)).toEqual(['dispute_missed']);
    await called(world, id, 'disputed');
    await world.sandbox.decideDispute(dispute, 'won');
    expect(await kindsOf(world, id)).toEqual(['dispute_missed']);
    await world.until(id, (o) => o.payment.status === 'succeeded');
    expect(await findingsOf(world, id)).toEqual([]);
    expect((await world.order(id)).needsAttention).toBeNull();
  });

  it('that nobody watches any more: watched again', async () => {
    const id = await placed(world);
    await world.sandbox.dispute(id);
    await reconcile(world);
    await called(world, id, 'disputed');
    await terminate(world, `refund-${id}`);
    expect((await findingsOf(world, id)).join()).toContain('is open at the gateway, and not watched');
    expect((await watch(id).describe()).status.name).toBe('RUNNING');
    expect(await findingsOf(world, id)).toEqual([]);
  });
});

describe('the ledger', () => {
  it('with an entry of another hand', async () => {
    const id = await placed(world);
    await change(sql`
      insert into ledger_entries (order_id, operation, gateway_id, account, amount_minor, currency, at) values
      (${id}, 'refund', 're_none', 'customer_deposits', 100, 'USD', now()),
      (${id}, 'refund', 're_none', 'gateway', -100, 'USD', now())`);
    expect(await findingsOf(world, id)).toEqual([
      'ledger_differs: ledger: $499.00 charged, $1.00 refunded; gateway: $499.00 charged, $0.00 refunded',
    ]);
  });

  it('with an entry without its counterpart', async () => {
    const id = await placed(world);
    await change(sql`
      insert into ledger_entries (order_id, operation, gateway_id, account, amount_minor, currency, at)
      values (${id}, 'delivery', 'pi_none', 'revenue', -5, 'USD', now())`);
    expect(await findingsOf(world, id)).toEqual(['ledger_differs: entries without a counterpart: -$0.05']);
  });
});

describe('the books, per product', () => {
  const figures = async () => (await world.call<Figures>('GET', '/api/products/figures')).body;

  it('stand beside what the gateway keeps, and follow it', async () => {
    const sku = await world.addProduct();
    const own = async () => (await figures()).products.find((product) => product.sku === sku);
    const [first, second] = [await placed(world, { sku }), await placed(world, { sku })];
    const { startedAt = '' } = (await reconcile(world)).run ?? {};
    expect(await own()).toMatchObject({ charged: 99_800, gateway: 99_800, gatewayDiffers: 0 });
    expect((await figures()).comparedAt).toBe(startedAt);

    await world.sandbox.refundByHand(first, 1_000);
    await chargedByHand(world, { amount: 49_900, orderId: second });
    await reconcile(world);
    expect(await own()).toMatchObject({ charged: 99_800, gateway: 148_700, gatewayDiffers: 2 });

    // What the ledger has learned since is not told twice.
    await world.sandbox.dispute(second);
    await reconcile(world);
    await called(world, second, 'disputed');
    expect(await own()).toMatchObject({ disputed: 49_900, gateway: 98_800, gatewayDiffers: 2 });
  });

  it('name what the gateway keeps for no product', async () => {
    await chargedByHand(world, { amount: 4_711, currency: 'chf' });
    await reconcile(world);
    const stray = { currency: 'CHF', amount: 4_711, charges: 1 };
    expect((await figures()).strayCharges).toContainEqual(stray);
  });
});

it('a gateway that is down: the run says what it could not see, and takes nothing for mended', async () => {
  const intent = await chargedByHand(world, { amount: 4_321 });
  expect(await kindsOf(world, intent)).toEqual(['charge_without_order']);
  await atGateway(world, '/refunds', { payment_intent: intent });
  await world.sandbox.fault({
    target: 'payment-gateway',
    operation: 'list_payment_intents',
    kind: 'error_500',
  });
  const { body } = await world.call<Reconciliation>('POST', '/api/reconciliation/run');
  expect(body.run).toMatchObject({ outcome: 'incomplete', failed: ['charges'] });
  expect(body.findings.map(({ subject }) => subject)).toContain(intent);
  await world.sandbox.clearFaults();
  expect(await kindsOf(world, intent)).toEqual([]);
});
