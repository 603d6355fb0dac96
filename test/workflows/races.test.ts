import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fastForwardWorkflow } from '../../src/client/fast-forward.js';
import { secondApi } from '../api/support/second-api.js';
import { decided, placed, undone } from '../support/flows.js';
import { assertInvariants } from '../support/invariants.js';
import { createWorld, type World } from '../support/world.js';
import { eventually } from '../support/eventually.js';

let world: World;
beforeAll(async () => {
  world = await createWorld({}, { split: true });
});
afterAll(async () => {
  try {
    await assertInvariants(world);
  } finally {
    await world.close();
  }
});

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

/** mulberry32: small, and the same numbers for the same seed. */
function dice(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));

/** Orders that were placed well before a deadline that is near: further ahead when the machine is busy. */
async function placedAhead(count: number): Promise<{ deadline: number; ids: string[] }> {
  for (let ahead = 12_000; ahead < 60_000; ahead *= 2) {
    const deadline = Date.now() + ahead;
    const releaseDate = new Date(deadline).toISOString();
    const sku = await world.addProduct({ releaseDate, policy: { grace: '0s' } });
    const placings = await Promise.allSettled(Array.from({ length: count }, () => placed(world, { sku })));
    const ids = placings.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    if (ids.length === count && Date.now() < deadline - 2_500) return { deadline, ids };
  }
  throw new Error('Even within 48 s not all could be placed.');
}

describe(`start, cancel and deadline at the same instant (SEED=${seed})`, () => {
  it('exactly one wins, and the others are told the truth', async () => {
    const roll = dice(seed);
    await world.sandbox.modes({ cancellation: 'reject' });
    const { deadline, ids } = await placedAhead(24);
    const seen = await Promise.all(
      ids.map(async (id) => {
        // Start and cancel within an instant of each other, and that instant around the deadline.
        const instant = deadline + (roll() - 0.8) * 2_000;
        const at = () => pause(instant - Date.now() + roll() * 40);
        const [start, cancel] = await Promise.all([
          at().then(() => decided(world, id, 'start-fulfillment')),
          at().then(() => decided(world, id, 'cancel')),
        ]);
        return { id, started: start.status === 200, cancel: cancel.body.answer };
      }),
    );
    const winners = { start: 0, cancel: 0, deadline: 0 };
    for (const { id, started, cancel } of seen) {
      const order = await world.untilStatus(id, 'cancelled', 'awaiting_pickup');
      if (started) {
        winners.start++;
        expect(order).toMatchObject({ status: 'awaiting_pickup', cancelReason: null });
        expect(cancel).toBe('pending_partner');
      } else {
        winners[order.cancelReason === 'deadline' ? 'deadline' : 'cancel']++;
        expect(order).toMatchObject({ status: 'cancelled', fulfillment: null });
        expect(['merchant', 'deadline']).toContain(order.cancelReason);
        expect(cancel).toBe('accepted');
      }
    }
    expect(winners.start).toBeGreaterThan(0);
    expect(winners.start + winners.cancel + winners.deadline).toBe(ids.length);
  });

  it('start and cancel in the same workflow task: the first decides', async () => {
    await world.sandbox.ask('DELETE', '/delivery-partner/modes');
    const ids = await Promise.all(Array.from({ length: 10 }, () => placed(world)));
    await world.stopWorker();
    const answers = ids.map(async (id, i) => {
      const ask = (kind: string) => decided(world, id, kind);
      const first = ask(i % 2 ? 'cancel' : 'start-fulfillment');
      await pause(20);
      const second = ask(i % 2 ? 'start-fulfillment' : 'cancel');
      return i % 2 ? [await second, await first] : [await first, await second];
    });
    await pause(300);
    await world.startWorker();
    for (const [i, id] of ids.entries()) {
      const [start, cancel] = (await answers[i]) ?? [];
      await world.untilStatus(id, 'cancelled');
      const told = `${start?.status} ${cancel?.body.answer} ${(await undone(world, id))[0]}`;
      // Either the partner was asked to stop what had been booked, or nothing was booked at all.
      expect([
        '200 pending_partner cancel-fulfillment-order: cancelled',
        '409 accepted release-inventory: released',
      ]).toContain(told);
    }
  });
});

describe('no worker runs across the deadline', () => {
  const eventTypes = async (id: string): Promise<number[]> => {
    const { events } = await world.temporal.workflow.getHandle(`order-${id}`).fetchHistory();
    return (events ?? []).map(({ eventType }) => Number(eventType));
  };
  const TIMER_FIRED = 18;

  async function acrossTheDeadline(ids: string[], days: number): Promise<void> {
    await world.stopWorker();
    for (const id of ids)
      void fastForwardWorkflow(world.temporal, `order-${id}`, days * 86_400_000).catch(() => {});
    await eventually(async () =>
      (await Promise.all(ids.map(eventTypes))).every((types) => types.includes(TIMER_FIRED)),
    );
  }

  it('a start sent after it is refused, and one sent with it never wins against it', async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, () => placed(world)));
    await acrossTheDeadline(ids, 98);
    const starts = ids.map((id) => decided(world, id, 'start-fulfillment'));
    await pause(300);
    await world.startWorker();
    for (const [i, id] of ids.entries()) {
      expect(await starts[i]).toMatchObject({ status: 409 });
      expect(await world.untilStatus(id, 'cancelled')).toMatchObject({
        cancelReason: 'deadline',
        fulfillment: null,
      });
    }
  });

  it('an order that starts by itself at the release does not start after the deadline', async () => {
    const releaseAt = Date.now() + 10_000;
    const releaseDate = new Date(releaseAt).toISOString();
    const sku = await world.addProduct({
      releaseDate,
      policy: { startFulfillment: 'at_release', grace: '1s' },
    });
    const id = await placed(world, { sku });
    await world.stopWorker();
    await pause(releaseAt + 1_200 - Date.now());
    await world.startWorker();
    expect(await world.untilStatus(id, 'cancelled')).toMatchObject({
      cancelReason: 'deadline',
      fulfillment: null,
    });
  });
});

describe('the worker is away', () => {
  it('a command is kept, answered as not confirmed, and carried out when it is back', async () => {
    const id = await placed(world);
    await world.stopWorker();
    const { database, temporal, taskQueue } = world;
    const hasty = await secondApi({ database, temporal, taskQueue });
    const reply = await hasty.send({
      method: 'POST',
      path: `/api/orders/${id}/cancel`,
      headers: { 'idempotency-key': randomUUID() },
    });
    expect(reply).toMatchObject({ status: 202, body: { answer: 'not_confirmed' } });
    await hasty.close();
    await world.startWorker();
    await world.untilStatus(id, 'cancelled');
  });
});
