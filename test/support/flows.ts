import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { isFinal } from '../../src/domain/lifecycle.js';
import type { PlaceOptions } from './caller.js';
import { eventually } from './eventually.js';
import type { World } from './world.js';

/** The way to a status, as short as it gets. */

/** "Not confirmed yet" is an answer, too, on a loaded machine; which answer comes when is tested in `test/api`. */
export async function placed(world: World, options: PlaceOptions = {}): Promise<string> {
  const reply = await world.place(options);
  expect([201, 202], JSON.stringify(reply.body)).toContain(reply.status);
  if (reply.status === 202) await world.untilStatus(reply.body.orderId, 'awaiting_release');
  return reply.body.orderId;
}

/** A person who is told "not confirmed yet" asks again with the same key, until it is decided. */
export async function decided(world: World, id: string, kind: string) {
  const key = randomUUID();
  return eventually(async () => {
    const reply = await world.command(id, kind, undefined, key);
    return reply.status !== 202 || reply.body.answer !== 'not_confirmed' ? reply : undefined;
  });
}

export async function started(world: World, options: PlaceOptions = {}): Promise<string> {
  const id = await placed(world, options);
  expect(await decided(world, id, 'start-fulfillment')).toMatchObject({ body: { answer: 'accepted' } });
  return id;
}

type Behaviour = 'now' | 'later' | 'reject' | 'silent';

/** Fulfillment started with a partner that behaves as told. */
export async function startedWith(
  world: World,
  behaviour: { acceptance?: Behaviour; cancellation?: Behaviour },
  options: PlaceOptions = {},
): Promise<string> {
  const id = await placed(world, options);
  await world.sandbox.modes({ prefix: id, ...behaviour });
  expect(await decided(world, id, 'start-fulfillment')).toMatchObject({ body: { answer: 'accepted' } });
  // From here on it is the delivery whose clock moves.
  await atRest(world, `delivery-${id}`);
  return id;
}

export async function awaitingPickup(world: World, options: PlaceOptions = {}): Promise<string> {
  const id = await started(world, options);
  await world.untilStatus(id, 'awaiting_pickup');
  await atRest(world, `delivery-${id}`);
  return id;
}

export async function inTransit(world: World, options: PlaceOptions = {}): Promise<string> {
  const id = await awaitingPickup(world, options);
  expect(await decided(world, id, 'item-picked')).toMatchObject({ body: { answer: 'accepted' } });
  await world.untilStatus(id, 'in_transit');
  return id;
}

/** Answers once the order knows. */
export async function terminateDelivery(world: World, id: string): Promise<void> {
  const run = world.temporal.workflow.getHandle(`delivery-${id}`);
  const ends = async (): Promise<number> => {
    const { events } = await world.temporal.workflow.getHandle(`order-${id}`).fetchHistory();
    return events?.filter((event) => event.childWorkflowExecutionTerminatedEventAttributes).length ?? 0;
  };
  const before = await ends();
  await eventually(() =>
    run.terminate('by the test').then(
      () => true,
      () => false,
    ),
  );
  await eventually(async () => (await ends()) > before);
}

export async function deliveryRuns(world: World, id: string): Promise<void> {
  const run = world.temporal.workflow.getHandle(`delivery-${id}`);
  await eventually(async () => (await run.describe()).status.name === 'RUNNING');
}

/** Waits until a person is called for this reason. */
export const called = (world: World, id: string, reason: string) =>
  world.until(id, (o) => o.needsAttention?.reason === reason, `needs attention: ${reason}`);

/** What the compensation log says, step by step. */
export const undone = async (world: World, id: string): Promise<string[]> =>
  (await world.log(id)).map((line) => `${line.step}: ${line.outcome}`);

/** Runs something that must be refused, and proves that it left neither a row nor an event behind (I11). */
export async function withoutTrace<T>(world: World, id: string, refused: () => Promise<T>): Promise<T> {
  const before = await traces(world, id);
  const answer = await refused();
  expect(await traces(world, id)).toEqual(before);
  return answer;
}

async function traces(world: World, id: string) {
  const { db } = world.database;
  const row = () => db.selectFrom('orders').selectAll().where('id', '=', id).executeTakeFirst();
  const seen = await row();
  // A delivery writes `completed` itself, before the order's workflow hears of it.
  if (seen && isFinal(seen.status)) await world.temporal.workflow.getHandle(`order-${id}`).result();
  return {
    deliveryUpdates: (seen?.version ?? 0) > 2 ? await updatesOf(world, `delivery-${id}`) : 0,
    orderEvents: await atRest(world, `order-${id}`),
    order: await row(),
    commands: await db.selectFrom('commands').select('id').where('order_id', '=', id).execute(),
  };
}

/** A partner's signal may come in at any moment; a person's command would be an update. */
async function updatesOf(world: World, workflowId: string): Promise<number> {
  await atRest(world, workflowId);
  const { events } = await world.temporal.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []).filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes).length;
}

/** The length of a workflow's history once no task of it is under way. */
export async function atRest(world: World, workflowId: string): Promise<number> {
  for (;;) {
    const described = await world.temporal.workflow
      .getHandle(workflowId)
      .describe()
      .catch(() => undefined);
    if (described && described.historyLength > 3 && !described.raw.pendingWorkflowTask)
      return described.historyLength;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
