import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { scheduleReconciliation } from '../../src/client/reconciliation.js';
import type { Reconciliation } from '../../src/contract/reconciliation.js';
import { secondApi } from '../api/support/second-api.js';
import { atRest, awaitingPickup, called, inTransit, placed, startedWith } from '../support/flows.js';
import { findingsOf, kindsOf, reconcile, reset, terminate } from '../support/reconciling.js';
import { createWorld, type World } from '../support/world.js';
import { eventually } from '../support/eventually.js';

/** Orders, workflows and stock that do not fit together, each made so by what really happens. */

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const change = (statement: ReturnType<typeof sql>) => statement.execute(world.database.db);

async function cancelled(paymentMethod = 'pm_card_visa'): Promise<string> {
  const id = await placed(world, { paymentMethod });
  await world.command(id, 'cancel');
  await world.untilStatus(id, 'cancelled');
  return id;
}

it('finds nothing where everything fits, in every state', async () => {
  const { body: declined } = await world.place({ paymentMethod: 'pm_card_chargeDeclined' });
  const down = await placed(world);
  await world.sandbox.fault({
    target: 'delivery-partner',
    operation: 'create_shipment',
    kind: 'error_500',
    match: down,
  });
  await world.command(down, 'start-fulfillment');
  const done = await inTransit(world);
  await world.command(done, 'confirm-delivery');
  await world.untilStatus(done, 'completed');
  const ids = [
    declined.orderId,
    down,
    done,
    await placed(world),
    await startedWith(world, { acceptance: 'silent' }),
    await awaitingPickup(world),
    await inTransit(world),
    await cancelled(),
    await cancelled('pm_card_pendingRefund'),
  ];
  const { findings, run } = await reconcile(world);
  expect(findings).toEqual([]);
  expect(run?.looked).toMatchObject({ workflows: 5, touched: ids.length, charges: 18 });
});

describe('a workflow that is gone', () => {
  it('of an order that waits: reset, the order goes on and the finding is closed', async () => {
    const id = await placed(world);
    await atRest(world, `order-${id}`);
    await terminate(world, `order-${id}`);
    expect(await findingsOf(world, id)).toEqual([
      `workflow_gone: awaiting_release; order-${id} is TERMINATED`,
    ]);
    expect(await called(world, id, 'does_not_reconcile')).toMatchObject({
      needsAttention: { allowedActions: ['acknowledge'] },
    });
    await reset(world, `order-${id}`);
    expect(await findingsOf(world, id)).toEqual([]);
    expect((await world.order(id)).needsAttention).toBeNull();
    expect(await world.command(id, 'cancel')).toMatchObject({ body: { answer: 'accepted' } });
    await world.untilStatus(id, 'cancelled');
    expect((await world.sandbox.books(id)).map((book) => [book.charges, book.refundedMinor])).toEqual([
      [1, 49_900],
    ]);
  });

  it('of an order in delivery, which goes on alone', async () => {
    const id = await awaitingPickup(world);
    await terminate(world, `order-${id}`);
    expect(await kindsOf(world, id)).toEqual(['workflow_gone']);
  });

  it('of an order in the middle of its compensation', async () => {
    const id = await placed(world);
    const [book] = await world.sandbox.books(id);
    await world.sandbox.fault({
      target: 'payment-gateway',
      operation: 'create_refund',
      kind: 'error_500',
      match: book?.paymentIntent,
    });
    await world.command(id, 'cancel');
    await world.untilStatus(id, 'cancelling');
    await terminate(world, `order-${id}`);
    expect(await findingsOf(world, id)).toEqual([`workflow_gone: cancelling; order-${id} is TERMINATED`]);
  });

  it('without a trace at Temporal', async () => {
    const id = await placed(world);
    await atRest(world, `order-${id}`);
    const { namespace } = world.temporal.options;
    const workflowExecution = { workflowId: `order-${id}` };
    await world.temporal.workflowService.deleteWorkflowExecution({ namespace, workflowExecution });
    await eventually(() =>
      world.temporal.workflow
        .getHandle(`order-${id}`)
        .describe()
        .then(
          () => false,
          () => true,
        ),
    );
    expect(await findingsOf(world, id)).toEqual([
      `workflow_gone: awaiting_release; order-${id} is not there`,
    ]);
  });

  it('of a delivery, which the order takes over in a while, is no finding', async () => {
    const id = await awaitingPickup(world);
    await terminate(world, `delivery-${id}`);
    await eventually(async () => {
      const { events } = await world.temporal.workflow.getHandle(`order-${id}`).fetchHistory();
      return events?.some((event) => event.childWorkflowExecutionTerminatedEventAttributes);
    });
    await atRest(world, `order-${id}`);
    expect(await findingsOf(world, id)).toEqual([]);
  });
});

it('a workflow that fails at the same task again and again', async () => {
  const id = await placed(world);
  await terminate(world, `order-${id}`);
  // As after a deploy that breaks orders which wait: here by an input that the code cannot read.
  await world.temporal.workflow.start('order', {
    workflowId: `order-${id}`,
    taskQueue: world.taskQueue,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    args: [
      { orderId: id, sku: 'x', quantity: 1, amountMinor: 1, currency: 'USD', deadlineAt: Date.now() + 1e9 },
    ],
  });
  // The fifth failure is the first that counts, and the server waits longer and longer between them.
  const found = async () => (await kindsOf(world, `order-${id}`)).length > 0;
  await vi.waitUntil(found, { timeout: 150_000, interval: 1_000 });
  expect(await kindsOf(world, `order-${id}`)).toEqual(['workflow_stuck']);
  expect((await world.order(id)).needsAttention?.reason).toBe('does_not_reconcile');
}, 200_000);

it('a workflow whose order the database does not know, as after restoring an old copy', async () => {
  const id = 'po_0000000000000000zz';
  await world.temporal.workflow.start('order', {
    workflowId: `order-${id}`,
    taskQueue: world.taskQueue,
    args: [{ orderId: id }],
  });
  // Temporal's own lists lag behind a moment.
  await eventually(async () => (await kindsOf(world, `order-${id}`)).includes('workflow_without_order'));
  await terminate(world, `order-${id}`);
  expect(await kindsOf(world, `order-${id}`)).toEqual([]);
});

describe('a person', () => {
  it('acknowledges what was found, and is called again only for something else', async () => {
    const id = await placed(world);
    await atRest(world, `order-${id}`);
    await change(sql`update orders set status = 'in_transit' where id = ${id}`);
    await reconcile(world);
    expect(await world.resolve(id, 'wait')).toMatchObject({ status: 400 });
    expect(await world.resolve(id, 'acknowledge')).toMatchObject({
      status: 200,
      body: { answer: 'accepted' },
    });
    const { findings } = await reconcile(world);
    expect(findings.filter((found) => found.orderId === id)).toMatchObject([
      { kind: 'reservation_differs', acknowledgedBy: 'operator' },
      { kind: 'status_differs', acknowledgedBy: 'operator' },
    ]);
    expect((await world.order(id)).needsAttention).toBeNull();
    await change(sql`update orders set status = 'returning' where id = ${id}`);
    await reconcile(world);
    expect((await world.order(id)).needsAttention?.reason).toBe('does_not_reconcile');
  });

  it('still answers what the order itself asks, beside what was found', async () => {
    const id = await startedWith(world, { acceptance: 'reject' });
    await called(world, id, 'partner_rejected');
    await terminate(world, `order-${id}`);
    expect(await kindsOf(world, id)).toEqual(['workflow_gone']);
    expect((await world.order(id)).needsAttention?.reason).toBe('partner_rejected');
    expect(await world.resolve(id, 'acknowledge')).toMatchObject({ body: { answer: 'accepted' } });
    expect((await world.order(id)).needsAttention?.reason).toBe('partner_rejected');
    expect(await world.resolve(id, 'rebook')).toMatchObject({ body: { answer: 'accepted' } });
    await called(world, id, 'partner_rejected');
  });
});

describe('the schedule', () => {
  it('finds it without being asked', async () => {
    const own = await createWorld({ PREORDER_RECONCILE_EVERY: '2s' });
    try {
      const id = await placed(own);
      await atRest(own, `order-${id}`);
      await terminate(own, `order-${id}`);
      await called(own, id, 'does_not_reconcile');
      const { body } = await own.call<Reconciliation>('GET', '/api/reconciliation');
      expect(body.findings).toMatchObject([{ kind: 'workflow_gone', orderId: id }]);
      await own.temporal.schedule.getHandle(`reconciliation-${own.taskQueue}`).delete();
    } finally {
      await own.close();
    }
  });

  it('takes a new interval at the next start, and stays paused when a person has paused it', async () => {
    const schedule = world.temporal.schedule.getHandle(`reconciliation-${world.taskQueue}`);
    await schedule.pause('by the test');
    await scheduleReconciliation(world.temporal, world.taskQueue, 7_200_000);
    const { spec, state, policies } = await schedule.describe();
    expect(spec.intervals).toMatchObject([{ every: 7_200_000 }]);
    expect(state).toMatchObject({ paused: true, note: 'by the test' });
    expect(policies.overlap).toBe('SKIP');
  });

  it('a call that would wait too long is told so, and the run goes on', async () => {
    const { database, temporal, taskQueue } = world;
    const impatient = await secondApi({ database, temporal, taskQueue, reconcileWithinMs: 1 });
    try {
      const { status, body } = await impatient.send({ method: 'POST', path: '/api/reconciliation/run' });
      expect([status, Object.keys(body)]).toEqual([202, ['run', 'findings']]);
      expect((await reconcile(world)).run?.outcome).toBe('complete');
    } finally {
      await impatient.close();
    }
  });
});
