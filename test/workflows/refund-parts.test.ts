import { asyncLocalStorage, type Context } from '@temporalio/activity';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { bringRefundsUpToDate } from '../../src/activities/money-back.js';
import { PartnerDoubt } from '../../src/integrations/errors.js';
import type { PaymentGateway } from '../../src/integrations/payment-gateway.js';
import { gatewayOf } from '../support/activities.js';
import { called, placed } from '../support/flows.js';
import { assertInvariants } from '../support/invariants.js';
import { createWorld, type World } from '../support/world.js';

/** Money that goes back in parts, on several ways, of which some fail. A pre-order here costs 49,900. */

vi.setConfig({ maxConcurrency: 8 });

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

/** Cancelled after 30,000 were given back by hand, so that 19,900 were asked for. */
async function cancelledInParts(paymentMethod: string): Promise<string> {
  const id = await placed(world, { paymentMethod });
  await world.sandbox.refundByHand(id, 30_000);
  await world.command(id, 'cancel');
  await world.untilStatus(id, 'cancelled');
  return id;
}

async function bank(id: string, amountMinor: number, status: string): Promise<void> {
  const refunds = (await world.sandbox.books(id)).flatMap((book) => book.refunds);
  const refund = refunds.find((part) => part.amountMinor === amountMinor);
  await world.sandbox.refundStatus(refund?.id ?? '', status);
}

const rows = async (id: string) =>
  (
    await world.database.db
      .selectFrom('refunds')
      .select(['amount_minor', 'status'])
      .where('order_id', '=', id)
      .orderBy('amount_minor')
      .execute()
  ).map(({ amount_minor, status }) => `${amount_minor} ${status}`);

const watch = (id: string) => world.temporal.workflow.getHandle(`refund-${id}`);

it.concurrent('a person who pays another way pays what is still owed, and no more', async () => {
  const id = await placed(world, { paymentMethod: 'pm_card_pendingRefund' });
  await world.command(id, 'cancel');
  await world.untilStatus(id, 'cancelled');
  await bank(id, 49_900, 'failed');
  await called(world, id, 'refund_failed');
  await world.sandbox.refundByHand(id, 10_000);
  await bank(id, 10_000, 'succeeded');
  await world.resolve(id, 'settle_outside', 'SEPA 4711');
  expect(await watch(id).result()).toBe('settled_outside');
  expect(await rows(id)).toEqual(['10000 succeeded', '39900 settled_outside']);
  expect((await world.order(id)).needsAttention).toBeNull();
});

it.concurrent('the other part is watched on, after one was paid another way', async () => {
  const id = await cancelledInParts('pm_card_pendingRefund');
  await bank(id, 19_900, 'failed');
  await called(world, id, 'refund_failed');
  const { runId } = await watch(id).describe();
  await world.resolve(id, 'settle_outside', 'SEPA 4712');
  await world.until(id, (order) => order.needsAttention === null);
  await bank(id, 30_000, 'failed');
  await called(world, id, 'refund_failed');
  await world.resolve(id, 'settle_outside', 'SEPA 4713');
  expect(await watch(id).result()).toBe('settled_outside');
  expect(await rows(id)).toEqual(['19900 settled_outside', '30000 settled_outside']);
  // Not begun anew by the bank's word, which may be lost.
  expect((await watch(id).describe()).runId).toBe(runId);
});

it.concurrent(
  'is in the books while the gateway says that it arrived, however often that changes',
  async () => {
    const id = await placed(world);
    const booked = async () => {
      const { rows } = await sql<{
        back: number;
      }>`select coalesce(sum(amount_minor), 0)::int as back from ledger_entries
      where order_id = ${id} and account = 'customer_deposits' and operation <> 'charge'`.execute(
        world.database.db,
      );
      return rows[0]?.back;
    };
    await world.command(id, 'cancel');
    await world.untilStatus(id, 'cancelled');
    for (const status of ['requires_action', 'succeeded', 'failed', 'succeeded'] as const) {
      await bank(id, 49_900, status);
      await expect.poll(booked, { message: status }).toBe(status === 'succeeded' ? 49_900 : 0);
    }
  },
);

it.concurrent('is watched on when it was paid another way, and may still arrive', async () => {
  const id = await placed(world, { paymentMethod: 'pm_card_pendingRefund' });
  await world.command(id, 'cancel');
  await world.untilStatus(id, 'cancelled');
  await bank(id, 49_900, 'requires_action');
  await called(world, id, 'refund_requires_action');
  await world.resolve(id, 'settle_outside', 'SEPA 4715');
  await world.until(id, (order) => order.needsAttention === null);
  expect((await watch(id).describe()).status.name).toBe('RUNNING');
  await bank(id, 49_900, 'canceled');
  expect(await watch(id).result()).toBe('settled_outside');
});

it.concurrent(
  'is asked for under the same key until the gateway answers, though it lists nothing yet',
  async () => {
    const id = await cancelledInParts('pm_card_visa');
    await bank(id, 30_000, 'failed');
    await called(world, id, 'refund_failed');
    await world.resolve(id, 'settle_outside', 'SEPA 4714');
    expect(await watch(id).result()).toBe('settled_outside');
    // From here on the gateway would give back more than is owed.
    await bank(id, 19_900, 'failed');
    await called(world, id, 'refund_failed');
    for (const _ of [1, 2]) await expect(askBlindly(id)).rejects.toThrow('the reply is lost');
    await world.resolve(id, 'retry');
    await world.until(id, (order) => order.needsAttention === null);
    const refunds = (await world.sandbox.books(id)).flatMap((book) => book.refunds);
    expect(refunds.map(({ amountMinor, status }) => `${amountMinor} ${status}`)).toEqual([
      '30000 failed',
      '19900 failed',
      '19900 succeeded',
    ]);
  },
);

/** A try of the activity against a gateway whose lists lag behind, and whose reply is lost. */
async function askBlindly(id: string): Promise<unknown> {
  const real = gatewayOf(world);
  const [book] = await world.sandbox.books(id);
  const intent = await real.retrieveIntent(book?.paymentIntent ?? '');
  const known = await real.listRefunds(intent.id);
  blind.set(id, blind.get(id) ?? known);
  const gateway: PaymentGateway = {
    ...real,
    listRefunds: async () => blind.get(id) ?? [],
    createRefund: async (wish) => {
      await real.createRefund(wish);
      throw new PartnerDoubt('the reply is lost');
    },
  };
  const info = { currentAttemptScheduledTimestampMs: Date.now() };
  return asyncLocalStorage.run({ info } as unknown as Context, () =>
    bringRefundsUpToDate({ db: world.database.db, gateway }, { orderId: id, at: Date.now(), intent }),
  );
}
const blind = new Map<string, Awaited<ReturnType<PaymentGateway['listRefunds']>>>();
