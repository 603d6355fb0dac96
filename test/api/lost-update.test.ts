import { ServiceError, WorkflowUpdateFailedError, type Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createOrderClient } from '../../src/client/order-client.js';
import { placed } from '../support/flows.js';
import { createWorld, type World } from '../support/world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const precondition = (details: string): Error =>
  new ServiceError('Workflow Update failed', {
    cause: Object.assign(new Error(`9 FAILED_PRECONDITION: ${details}`), { code: 9, details, metadata: {} }),
  });
const unprocessed = ApplicationFailure.create({
  type: 'UnprocessedUpdate',
  message: "Workflow Update is rejected because it wasn't processed by worker.",
});

/** The server answers this first, as it does when the task that would have heard the update has failed. */
function failingOnce(client: Client, failure: Error): { client: Client; asked: string[] } {
  const asked: string[] = [];
  const workflow = new Proxy(client.workflow, {
    get(target, name) {
      if (name !== 'getHandle') return Reflect.get(target, name) as unknown;
      return (workflowId: string) => {
        const handle = target.getHandle(workflowId);
        const through = handle.executeUpdate.bind(handle) as (...args: unknown[]) => Promise<unknown>;
        const executeUpdate = (update: unknown, options: { updateId: string }): Promise<unknown> => {
          asked.push(options.updateId);
          return asked.length === 1 ? Promise.reject(failure) : through(update, options);
        };
        return { ...handle, executeUpdate };
      };
    },
  });
  const failing = new Proxy(client, {
    get: (target, name) => (name === 'workflow' ? workflow : (Reflect.get(target, name) as unknown)),
  });
  return { client: failing, asked };
}

it.each([
  precondition('Unable to perform workflow execution update due to unexpected workflow task failure.'),
  precondition('Unable to perform workflow execution update due to Workflow Task in failed state.'),
  new WorkflowUpdateFailedError('Workflow Update failed', unprocessed),
])('a command whose workflow task failed is asked again, and answered: %s', async (failure) => {
  const id = await placed(world);
  const { client, asked } = failingOnce(world.temporal, failure);
  const { taskQueue } = world;
  const orders = createOrderClient({ client, taskQueue, answerWithinMs: 60_000 });
  const wish = { reason: 'merchant', by: { kind: 'operator', id: 'operator' } } as const;
  const commandId = randomUUID();
  expect(await orders.cancelOrder(id, commandId, wish)).toMatchObject({ answer: 'accepted' });
  expect(asked).toEqual([commandId, commandId]);
  await world.untilStatus(id, 'cancelled');
});
