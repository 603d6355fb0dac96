import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isFinal } from '../../src/domain/lifecycle.js';
import { unfitWorkflows } from '../../src/worker/promotion.js';
import { states } from '../replay/states.js';
import { editedBuild } from '../support/builds.js';
import { eventually } from '../support/eventually.js';
import { runsOf } from '../support/facts.js';
import { atRest, deliveryRuns, placed } from '../support/flows.js';
import { assertInvariants } from '../support/invariants.js';
import { testDataConverter } from '../support/payload-keys.js';
import { promote } from '../support/promoting.js';
import { createWorld, type World } from '../support/world.js';

/** A change of each workflow: of the order at its beginning, of the others after they have waited for something. */
const places = {
  order: { file: 'order.js', after: 'const book = openBook(input, "payment_pending");' },
  delivery: {
    file: 'trip.js',
    after: 'await condition(() => queue.length > 0, Math.max(1, until - book.now()));',
  },
  refund: { file: 'refund.js', after: 'await condition(() => changed || resolution !== void 0, pause);' },
};
/** As it must not be made, and as it must. */
const change = `await sdk.sleep('1 millisecond')`;
const behindPatched = `if (sdk.patched('a-moment-more')) ${change}`;

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

/** Whose order workflow has nothing left to do. */
const ended = new Set([
  ...['completed', 'cancelled', 'refund_pending', 'refund_failed', 'deadline_passed'],
  ...['cancelled_with_partner', 'fulfillment_failed', 'rejected', 'refund_owed', 'late_charge'],
]);

/** Whose workflow is known to be past the place of the change. */
const past = {
  order: Object.keys(states).filter((state) => !ended.has(state)),
  delivery: ['partner_rejected', 'awaiting_pickup', 'cancellation_requested', 'in_transit', 'returning'],
  refund: ['refund_failed', 'dispute_lost', 'refund_owed'],
};

it.each(['order', 'delivery', 'refund'] as const)(
  'a build that changes a step of running workflows is refused: %s',
  async (kind) => {
    const found = await unfit(await editedBuild({ ...places[kind], insert: change }));
    expect(found).toEqual(expect.arrayContaining(past[kind].map((state) => `${kind}-${parked.get(state)}`)));
    expect(found.filter((workflowId) => !workflowId.startsWith(`${kind}-`))).toEqual([]);
  },
);

it('the build that they run on can carry them', async () => {
  expect(await promote(world, ['--check'])).toMatchObject({
    code: 0,
    said: expect.stringContaining('can carry all') as string,
  });
});

it('a build with the change behind patched() carries each of them to its end', async () => {
  const code = await editedBuild(
    ...Object.values(places).map((place) => ({ ...place, insert: behindPatched })),
  );
  expect(await unfit(code)).toEqual([]);
  const bundlePath = join(folder, 'next.js');
  writeFileSync(bundlePath, code);
  await world.stopWorker();
  await world.startWorker({ bundlePath, buildId: 'next' });
  await world.sandbox.clearFaults();
  const results: Record<string, string> = {};
  const carried = [...parked].map(async ([state, id]) => {
    const end = moneyEnds[state];
    if (end) results[state] = await end(id);
    await finish(id);
  });
  await Promise.all(carried);
  expect(results).toEqual({
    refund_pending: 'succeeded',
    refund_failed: 'settled_outside',
    disputed: 'none',
    dispute_lost: 'loss_accepted',
    refund_owed: 'succeeded',
    late_charge: 'succeeded',
  });
  await eventually(async () => (await runsOf(world)).every(({ status }) => status !== 'RUNNING'));
  await assertInvariants(world, [...parked.values()], {
    code,
    terminated: (workflowId) => workflowId === `delivery-${parked.get('delivery_failing')}`,
  });
});

it('the build before cannot have what the new one has begun', async () => {
  const id = await placed(world);
  await atRest(world, `order-${id}`);
  const { code, said } = await promote(world, ['--check']);
  expect(code).toBe(1);
  expect(said).toContain(`order-${id}`);
  await world.command(id, 'cancel');
  await world.untilStatus(id, 'cancelled');
});

/** What the watch over an order's money answers once it is at its end. */
const moneyEnds: Record<string, (id: string) => Promise<string>> = {
  refund_pending: async (id) => {
    const refund = (await world.sandbox.books(id))[0]?.refunds[0];
    await world.sandbox.refundStatus(refund?.id ?? '', 'succeeded');
    return watchedToItsEnd(id);
  },
  refund_failed: async (id) => {
    await world.resolve(id, 'settle_outside', 'transfer 4711');
    return watchOf(id).result();
  },
  disputed: async (id) => {
    const dispute = (await world.sandbox.books(id))[0]?.disputes[0];
    await world.sandbox.decideDispute(dispute?.id ?? '', 'won');
    return watchOf(id).result();
  },
  dispute_lost: async (id) => {
    await world.resolve(id, 'accept_loss');
    return watchOf(id).result();
  },
  refund_owed: async (id) => {
    await world.resolve(id, 'retry');
    return watchedToItsEnd(id);
  },
  late_charge: (id) => watchedToItsEnd(id),
};

const watchOf = (id: string) => world.temporal.workflow.getHandle<() => Promise<string>>(`refund-${id}`);

/** A refund that succeeded can fail for weeks. */
async function watchedToItsEnd(id: string): Promise<string> {
  await world.until(id, (o) => o.refund?.status === 'succeeded');
  await world.fastForward(id, { by: '36d' });
  return watchOf(id).result();
}

async function finish(id: string): Promise<void> {
  if ((await world.order(id)).needsAttention?.reason === 'delivery_failing') {
    await world.resolve(id, 'restart');
    await deliveryRuns(world, id);
  }
  const { status, needsAttention } = await world.order(id);
  if (isFinal(status)) return;
  if (status === 'cancelling') await world.fastForward(id, { by: '10m' });
  else if (status === 'in_transit') await world.command(id, 'confirm-delivery');
  else if (needsAttention?.allowedActions.includes('refund')) await world.resolve(id, 'refund');
  else await world.command(id, 'cancel');
  if (status === 'cancellation_requested') await world.sandbox.answer(id, 'cancelled');
  await world.until(id, (o) => isFinal(o.status), `at its end, from ${status}`);
}
