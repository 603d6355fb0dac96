import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { createHash } from 'node:crypto';

const { TaskQueueType } = proto.temporal.api.enums.v1;

/** Which build of the workflow code this is, unless it has been given a name. */
export const buildIdOf = (code: string): string =>
  createHash('sha256').update(code).digest('hex').slice(0, 12);

/** A poll hangs for a minute at the server: a worker that has not asked again for longer is gone, though still listed. */
const ASKS_WITHIN_MS = 90_000;

/** Whether workers of the build poll now. The server itself remembers only that some have, however long ago. */
export async function hasWorkers(
  client: Client,
  deploymentName: string,
  buildId: string,
  now = Date.now(),
): Promise<boolean> {
  const { workflowService, options } = client;
  // The kinds have queues of their own, and not every part of a queue lists every worker.
  const kinds = [TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY];
  const replies = await Promise.all(
    kinds.map((taskQueueType) =>
      workflowService.describeTaskQueue({
        namespace: options.namespace,
        taskQueue: { name: deploymentName },
        taskQueueType,
      }),
    ),
  );
  return replies
    .flatMap(({ pollers }) => pollers ?? [])
    .some(
      ({ deploymentOptions, lastAccessTime }) =>
        deploymentOptions?.buildId === buildId &&
        now - Number(lastAccessTime?.seconds ?? 0) * 1000 < ASKS_WITHIN_MS,
    );
}

/**
 * Makes a build the current one of the deployment, so that orders are routed to it. In production this is a step of
 * the deploy; a laptop does it at start. Tries for a while: the server may not have heard of the deployment yet.
 */
export async function makeCurrent(
  client: Client,
  deploymentName: string,
  buildId: string,
  patienceMs = 30_000,
): Promise<void> {
  const until = Date.now() + patienceMs;
  for (;;) {
    try {
      await client.workflowService.setWorkerDeploymentCurrentVersion({
        namespace: client.options.namespace,
        deploymentName,
        buildId,
        identity: 'preorder',
        ignoreMissingTaskQueues: true,
        allowNoPollers: true,
      });
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
