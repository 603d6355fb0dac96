import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { costOf } from '../../bench/actions.js';
import { awaitingPickup, placed } from '../support/flows.js';
import { createWorld, type World } from '../support/world.js';

vi.setConfig({ maxConcurrency: 16 });

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

type Cost = Awaited<ReturnType<typeof costOf>>;

/** A step that a busy machine does not do in time is done again, as an action more. */
const cheapest = ([first, ...others]: [Cost, ...Cost[]]): Cost =>
  others.reduce((least, cost) => (cost.actions < least.actions ? cost : least), first);

async function completed(): Promise<Cost> {
  const id = await awaitingPickup(world);
  await world.sandbox.scan(id, 'in_transit');
  await world.untilStatus(id, 'in_transit');
  await world.sandbox.scan(id, 'delivered');
  await world.untilStatus(id, 'completed');
  await world.temporal.workflow.getHandle(`order-${id}`).result();
  return costOf(world.temporal, [`order-${id}`, `delivery-${id}`]);
}

async function cancelled(): Promise<Cost> {
  const id = await placed(world);
  await world.command(id, 'cancel');
  await world.untilStatus(id, 'cancelled');
  await world.temporal.workflow.getHandle(`order-${id}`).result();
  return costOf(world.temporal, [`order-${id}`]);
}

/** Targets: 60 events and 12 actions beyond reminders, and the upserts of ADR 004. */
describe('what an order costs at Temporal', () => {
  it.concurrent('completed, with its delivery', async () => {
    const cost = cheapest(await Promise.all([completed(), completed(), completed()]));
    expect(cost.searchAttributeUpserts).toBe(3);
    expect(cost.actions - cost.reminderTimers - cost.searchAttributeUpserts).toBeLessThanOrEqual(12);
    expect(cost.events).toBeLessThanOrEqual(60);
  });

  it.concurrent('cancelled and refunded', async () => {
    const cost = cheapest(await Promise.all([cancelled(), cancelled(), cancelled()]));
    expect(cost.actions).toBeLessThanOrEqual(8);
    expect(cost.events).toBeLessThanOrEqual(30);
  });
});
