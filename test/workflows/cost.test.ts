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

/** Targets: 60 events and 12 actions beyond reminders, and the upserts of ADR 004. */
describe('what an order costs at Temporal', () => {
  it.concurrent('completed, with its delivery', async () => {
    const id = await awaitingPickup(world);
    await world.sandbox.scan(id, 'in_transit');
    await world.untilStatus(id, 'in_transit');
    await world.sandbox.scan(id, 'delivered');
    await world.untilStatus(id, 'completed');
    await world.temporal.workflow.getHandle(`order-${id}`).result();
    const cost = await costOf(world.temporal, [`order-${id}`, `delivery-${id}`]);
    expect(cost.searchAttributeUpserts).toBe(3);
    expect(cost.actions - cost.reminderTimers - cost.searchAttributeUpserts).toBeLessThanOrEqual(12);
    expect(cost.events).toBeLessThanOrEqual(60);
  });

  it.concurrent('cancelled and refunded', async () => {
    const id = await placed(world);
    await world.command(id, 'cancel');
    await world.untilStatus(id, 'cancelled');
    await world.temporal.workflow.getHandle(`order-${id}`).result();
    const cost = await costOf(world.temporal, [`order-${id}`]);
    expect(cost.actions).toBeLessThanOrEqual(8);
    expect(cost.events).toBeLessThanOrEqual(30);
  });
});
