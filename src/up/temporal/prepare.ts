import type { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import {
  hasTimeSkipping,
  isNotPermitted,
  isPassing,
  status,
  statusOf,
  withConnection,
  type Target,
} from './connect.js';
import { ensureSearchAttributes } from './search-attributes.js';
import { until } from './poll.js';
import type { TemporalOptions } from './types.js';

export interface Prepared {
  timeSkipping: boolean;
}

const DAY_MS = 86_400_000;
/** grpc.health.v1.HealthCheckResponse.ServingStatus */
const SERVING = 1;
const CHECK_ID = 'preorder-readiness-check';

/** Makes namespace and search attributes exist, and returns when all of the server answers for them. */
export function prepare(
  target: Target,
  options: TemporalOptions,
  { ours, giveUp }: { ours: boolean; giveUp?: AbortSignal },
): Promise<Prepared> {
  return withConnection(target, async (connection) => {
    const patience = { giveUp, retryable: isPassing };
    if (ours) await until('the Temporal frontend to serve', () => isServing(connection), patience);
    const isNew = await ensureNamespace(connection, options, ours);
    await ensureSearchAttributes(connection, options, giveUp);
    if (ours || isNew)
      await until('all services of Temporal', () => answers(connection, options.namespace), patience);
    return { timeSkipping: await hasTimeSkipping(connection, options.namespace) };
  });
}

async function isServing(connection: Connection): Promise<boolean> {
  const health = await connection.healthService.check({
    service: 'temporal.api.workflowservice.v1.WorkflowService',
  });
  return Number(health.status) === SERVING;
}

/** Says whether it is new. */
async function ensureNamespace(
  connection: Connection,
  options: TemporalOptions,
  ours: boolean,
): Promise<boolean> {
  const { namespace, retentionDays = 30, say } = options;
  const { workflowService } = connection;
  const retention = msToTs(retentionDays * DAY_MS);
  const found = await describe(connection, namespace);
  if (found === undefined) {
    await register(connection, namespace, retention).catch((error: unknown) => {
      if (!isNotPermitted(error)) throw error;
      throw new Error(
        `There is no namespace ${namespace} at the server, and it does not let us make one: create it there.`,
      );
    });
    say(`Registered namespace ${namespace}, which keeps finished workflows for ${retentionDays} days.`);
  } else if (ours && found !== Number(retention.seconds)) {
    await workflowService.updateNamespace({
      namespace,
      config: { workflowExecutionRetentionTtl: retention },
    });
  }
  const isThere = async () => (await describe(connection, namespace)) !== undefined;
  await until(`namespace ${namespace}`, isThere, { retryable: isPassing });
  return found === undefined;
}

async function register(connection: Connection, namespace: string, retention: ReturnType<typeof msToTs>) {
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: retention,
    });
  } catch (error) {
    if (statusOf(error) !== status.alreadyExists) throw error;
  }
}

/** The retention in seconds, or undefined when there is no such namespace. */
async function describe(connection: Connection, namespace: string): Promise<number | undefined> {
  try {
    const { config } = await connection.workflowService.describeNamespace({ namespace });
    return Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0);
  } catch (error) {
    if (statusOf(error) === status.notFound) return undefined;
    throw error;
  }
}

/** History and matching join the cluster later than the frontend: a start before that would wait or fail. */
async function answers(connection: Connection, namespace: string): Promise<boolean> {
  const { workflowService } = connection;
  await workflowService.describeTaskQueue({ namespace, taskQueue: { name: CHECK_ID }, taskQueueType: 1 });
  try {
    await workflowService.describeWorkflowExecution({ namespace, execution: { workflowId: CHECK_ID } });
  } catch (error) {
    return statusOf(error) === status.notFound;
  }
  return true;
}
