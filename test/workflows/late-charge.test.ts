import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { called } from '../support/flows.js';
import { assertInvariants } from '../support/invariants.js';
import { atGateway, findingsOf, loseWebhooks } from '../support/reconciling.js';
import { createWorld, type World } from '../support/world.js';
import { eventually } from '../support/eventually.js';

/** One after the other: which order a fault hits is known only by its turn. */

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

const fault = async (operation: string, kind: string, more: object = {}) =>
  (await world.sandbox.fault({ target: 'payment-gateway', operation, kind, ...more })).id;
const heal = (id: string) => world.sandbox.ask('DELETE', `/faults/${id}`);

async function book(id: string) {
  const [first] = await world.sandbox.books(id);
  if (!first) throw new Error(`no book of ${id}`);
  return first;
}

/** The gateway has the money after all, whoever asked it for that. */
async function lands(id: string, paymentMethod = 'pm_card_visa'): Promise<void> {
  const { paymentIntent } = await book(id);
  await atGateway(world, `/payment_intents/${paymentIntent}/confirm`, { payment_method: paymentMethod });
}

async function rejected(): Promise<string> {
  const { body, status } = await world.place({ paymentMethod: 'pm_card_chargeDeclined' });
  expect([status, (await world.order(body.orderId)).status]).toEqual([402, 'rejected']);
  return body.orderId;
}

const ledger = async (id: string) =>
  world.database.db
    .selectFrom('ledger_entries')
    .select(['operation', 'amount_minor'])
    .where('order_id', '=', id)
    .where('account', '=', 'gateway')
    .orderBy('id')
    .execute();
const refundIs = (id: string, status: string) => world.until(id, (o) => o.refund?.status === status);
const backAgain = [
  { operation: 'charge', amount_minor: 49_900 },
  { operation: 'refund', amount_minor: -49_900 },
];

/** Our row stands before the gateway has the refund. */
async function bank(id: string, n: number, status: string): Promise<void> {
  const refund = await eventually(async () => (await book(id)).refunds[n]);
  await world.sandbox.refundStatus(refund.id, status);
}

describe('a charge that lands after the order was rejected', () => {
  it('is posted, and refunded under a watch', async () => {
    const id = await rejected();
    await lands(id);
    expect(await refundIs(id, 'succeeded')).toMatchObject({
      status: 'rejected',
      payment: { status: 'succeeded', failureCode: 'generic_decline' },
      needsAttention: null,
    });
    expect(await ledger(id)).toEqual(backAgain);
    await eventually(async () => (await world.sandbox.mail(id)).length > 0);
    const watch = await world.temporal.workflow.getHandle(`refund-${id}`).describe();
    expect(watch.status.name).toBe('RUNNING');
    expect((await world.command(id, 'cancel')).body.message).toContain('landed after all');
  });

  it('once, however often it is told', async () => {
    const id = await rejected();
    await lands(id);
    await refundIs(id, 'succeeded');
    await world.sandbox.replay({ orderId: id, times: 10, reverse: true });
    await eventually(async () => (await open()) === 0);
    expect((await book(id)).refunds).toHaveLength(1);
    expect(await ledger(id)).toEqual(backAgain);
  });

  it('is watched until the bank has paid, and a person is called when it does not', async () => {
    const id = await rejected();
    await lands(id, 'pm_card_pendingRefund');
    await refundIs(id, 'pending');
    await bank(id, 0, 'failed');
    await called(world, id, 'refund_failed');
    await world.resolve(id, 'retry');
    await refundIs(id, 'pending');
    await bank(id, 1, 'succeeded');
    await world.until(id, (o) => o.refund?.status === 'succeeded' && o.needsAttention === null);
  });

  it('of a gateway that then takes no refund: a person sees it, nobody gives up', async () => {
    const id = await rejected();
    const { paymentIntent } = await book(id);
    const outage = await fault('create_refund', 'error_500', { match: paymentIntent });
    await lands(id);
    await refundIs(id, 'pending');
    await world.fastForward(id, { by: '20m' });
    await called(world, id, 'undo_failing');
    await heal(outage);
    await world.fastForward(id, { by: '10m' });
    await world.until(id, (o) => o.refund?.status === 'succeeded' && o.needsAttention === null);
    expect(await ledger(id)).toEqual(backAgain);
  });

  it('and whose webhook is lost: the reconciler posts it and calls a person, but moves no money', async () => {
    const id = await rejected();
    const closeHole = await loseWebhooks(world);
    await lands(id);
    expect((await findingsOf(world, id)).join()).toContain('charge_kept: rejected; $499.00');
    closeHole();
    await world.sandbox.ask('PUT', '/webhooks', { payment: `${world.url}/webhooks/payment` });
    await called(world, id, 'refund_owed');
    expect(await ledger(id)).toEqual(backAgain.slice(0, 1));
    expect((await book(id)).refunds).toEqual([]);
    await world.resolve(id, 'retry');
    await refundIs(id, 'succeeded');
  });
});

describe('a charge that lands after the order was cancelled', () => {
  it('before the gateway had told us which intent it is', async () => {
    const create = await fault('create_payment_intent', 'drop_reply');
    const { id } = await world.placing();
    await world.until(id, (o) => o.payment.status === 'unknown');
    await world.command(id, 'cancel');
    expect(await world.untilStatus(id, 'cancelled')).toMatchObject({ payment: { gatewayId: null } });
    await heal(create);
    await lands(id);
    const order = await refundIs(id, 'succeeded');
    expect(order.payment).toMatchObject({ status: 'succeeded', gatewayId: (await book(id)).paymentIntent });
    expect(await ledger(id)).toEqual(backAgain);
  });
});

it('what the gateway tells while the payment is unknown waits until it is known', async () => {
  const confirm = await fault('confirm_payment_intent', 'drop_reply');
  const look = await fault('retrieve_payment_intent', 'error_500');
  const { id } = await world.placing();
  await world.until(id, (o) => o.payment.status === 'unknown');
  await eventually(async () => (await open()) > 0);
  await eventually(async () => (await tries(id)) > 1);
  expect(await open()).toBe(1);
  await heal(look);
  await heal(confirm);
  await world.untilStatus(id, 'awaiting_release');
  await eventually(async () => (await open()) === 0);
});

const inbox = () =>
  world.database.db.selectFrom('inbox').selectAll().where('processed_at', 'is', null).execute();
const open = async (): Promise<number> => (await inbox()).length;
const tries = async (id: string): Promise<number> =>
  (await inbox()).find((row) => JSON.stringify(row.payload).includes(id))?.attempts ?? 0;
