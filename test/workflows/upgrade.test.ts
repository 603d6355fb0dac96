import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isFinal } from '../../src/domain/lifecycle.js';
import { unfitWorkflows } from '../../src/worker/promotion.js';
import { states } from '../replay/states.js';
import { buildWith } from '../support/builds.js';
import { placed } from '../support/flows.js';
import { assertInvariants } from '../support/invariants.js';
import { testDataConverter } from '../support/payload-keys.js';
import { promote } from '../support/promoting.js';
import { createWorld, type World } from '../support/world.js';

/** A change of the order workflow, as it must not and as it must be made. */
const change = `await sleep('1 millisecond')`;
const behindPatched = `if (patched('a-moment-first')) ${change}`;

let world: World;
const folder = mkdtempSync(join(tmpdir(), 'preorder-build-'));
const parked = new Map<string, string>();

beforeAll(async () => {
  world = await createWorld({}, { split: true });
  for (const [state, reach] of Object.entries(states)) parked.set(state, await reach(world));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await world.close();
});

const unfit = async (code: string): Promise<string[]> => {
  const { unfit: found } = await unfitWorkflows(world.temporal, world.taskQueue, {
    workflowBundle: { code },
    dataConverter: testDataConverter,
  });
  return found.map(({ workflowId }) => workflowId).sort();
};

it('a build that changes a step of running orders is refused', async () => {
  const running = [...parked.entries()].filter(([state]) => !ended.has(state));
  const orders = running.map(([, id]) => `order-${id}`).sort();
  expect(await unfit(await buildWith('order', change))).toEqual(orders);
});

it('the build that they run on can carry them', async () => {
  expect(await promote(world, ['--check'])).toMatchObject({
    code: 0,
    said: expect.stringContaining('can carry all') as string,
  });
});

it('a build with the change behind patched() carries each of them to its end', async () => {
  const code = await buildWith('order', behindPatched);
  expect(await unfit(code)).toEqual([]);
  const bundlePath = join(folder, 'next.js');
  writeFileSync(bundlePath, code);
  await world.stopWorker();
  await world.startWorker({ bundlePath, buildId: 'next' });
  await world.sandbox.clearFaults();
  await Promise.all([...parked.values()].map(finish));
  await assertInvariants(world, [...parked.values()]);
});

it('the build before cannot have what the new one has begun', async () => {
  const id = await placed(world);
  const { code, said } = await promote(world, ['--check']);
  expect(code).toBe(1);
  expect(said).toContain(`order-${id}`);
  await world.command(id, 'cancel');
  await world.untilStatus(id, 'cancelled');
});

/** Whose order workflow has nothing left to do. */
const ended = new Set([
  ...['completed', 'cancelled', 'refund_pending', 'refund_failed', 'deadline_passed'],
  ...['cancelled_with_partner', 'fulfillment_failed', 'rejected'],
]);

async function finish(id: string): Promise<void> {
  const { status, needsAttention } = await world.order(id);
  if (isFinal(status)) return;
  if (status === 'cancelling') await world.fastForward(id, { by: '10m' });
  else if (status === 'in_transit') await world.command(id, 'confirm-delivery');
  else if (needsAttention?.allowedActions.includes('refund')) await world.resolve(id, 'refund');
  else await world.command(id, 'cancel');
  if (status === 'cancellation_requested') await world.sandbox.answer(id, 'cancelled');
  await world.until(id, (o) => isFinal(o.status), `at its end, from ${status}`);
}
