import { isGrpcCancelledError, isGrpcDeadlineError, type Client } from '@temporalio/client';
import { deliveryWorkflowId, orderWorkflowId, refundWorkflowId } from '../domain/identity.js';
import { NotAllowedError } from './errors.js';

/**
 * Development only: moves one workflow's clock ahead, on a server with time skipping. Its timers fire in order, each
 * at its own virtual time. Answers when the target is reached or the workflow has ended, which may take long: a day of
 * a partner that fails is hundreds of retries, and each of them is really made.
 */
export async function fastForwardWorkflow(client: Client, workflowId: string, ms: number): Promise<void> {
  const id = `fast-forward-${Date.now()}-${ms}`;
  const seconds = Math.floor(ms / 1000);
  const duration = { seconds: seconds as unknown as never, nanos: Math.round((ms - seconds * 1000) * 1e6) };
  await skip(client, workflowId, { enabled: true, fastForwardConfig: { id, duration } });
  while (!(await reached(client, workflowId, id))) {
    // The server skips no time of a workflow that waits for its child; the child, which has inherited the skipping,
    // would run on without an end. Its clock is the one to move now, by a fast-forward of its own.
    const { raw } = await client.workflow.getHandle(workflowId).describe();
    const children = raw.pendingChildren?.map((child) => child.workflowId ?? '') ?? [];
    if (children.length === 0) continue;
    // One that has ended meanwhile skips no more.
    for (const one of [...children, workflowId])
      await skip(client, one, { enabled: false }).catch(() => undefined);
    return;
  }
}

async function skip(
  client: Client,
  workflowId: string,
  timeSkippingConfig: { enabled: boolean; fastForwardConfig?: object },
): Promise<void> {
  await client.workflowService.updateWorkflowExecutionOptions({
    namespace: client.options.namespace,
    workflowExecution: { workflowId },
    workflowExecutionOptions: { timeSkippingConfig },
    updateMask: { paths: ['time_skipping_config'] },
  });
}

async function reached(client: Client, workflowId: string, fastForwardId: string): Promise<boolean> {
  const { namespace } = client.options;
  const ask = { namespace, workflowExecution: { workflowId }, fastForwardId };
  try {
    const reply = await client.connection.withDeadline(Date.now() + 300, () =>
      client.workflowService.pollWorkflowExecutionTimeSkipping(ask),
    );
    return (reply.fastForwardInfo?.hasCompleted ?? false) || Boolean(reply.failedReason);
  } catch (error) {
    if (isGrpcDeadlineError(error) || isGrpcCancelledError(error)) return false;
    throw error;
  }
}

/**
 * The workflow whose clock matters now: the delivery while one runs, else the order, else its refund. `ended`: the
 * order has come to its end, so that its own workflow has at most its last words to say.
 */
export async function runningWorkflow(client: Client, orderId: string, ended: boolean): Promise<string> {
  const carriers = ended ? [] : [deliveryWorkflowId(orderId), orderWorkflowId(orderId)];
  for (const workflowId of [...carriers, refundWorkflowId(orderId)]) {
    const described = await client.workflow
      .getHandle(workflowId)
      .describe()
      .catch(() => undefined);
    if (described?.status.name === 'RUNNING') return workflowId;
  }
  throw new NotAllowedError('The order has ended: there is nothing left to wait for.');
}
