import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { atRest, awaitingPickup, called, inTransit, placed, startedWith } from '../support/flows.js';
import { kindsOf, findingsOf, reconcile, terminate } from '../support/reconciling.js';
import { createWorld, type World } from '../support/world.js';

/** Orders, workflows and stock that do not fit together, made so by what really happens to people. */

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const run = (text: ReturnType<typeof sql>) => text.execute(world.database.db);

describe('a workflow that is gone', () => {
  it('of an order that waits: found, shown, and closed by a reset, after which the order goes on', async () => {
    const id = await placed(world);
    await atRest(world, `order-${id}`);
    await terminate(world, `order-${id}`);
    expect(await findingsOf(world, id)).toEqual([
      `workflow_gone: awaiting_release; order-${id} is TERMINATED`,
    ]);
    expect(await called(world, id, 'does_not_reconcile')).toMatchObject({
      needsAttention: { allowedActions: ['acknowledge'] },
    });
  });
});
