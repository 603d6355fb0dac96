import {
  ScheduleAlreadyRunning,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleOptions,
  type ScheduleUpdateOptions,
} from '@temporalio/client';
import { MINUTE } from '../domain/deadline.js';
import type { ReconciliationResult } from '../domain/reconciliation.js';
import { reconciliationWorkflow } from '../workflows/messages.js';
import { within } from './within.js';

/** A run that no worker carries to its end must not keep the next ones away. */
const RUN_TIMEOUT_MS = 30 * MINUTE;

const idFor = (taskQueue: string): string => `reconciliation-${taskQueue}`;

/** Creates the schedule, or changes its interval; as often as processes start. A person's pause stays. */
export async function scheduleReconciliation(
  client: Client,
  taskQueue: string,
  everyMs: number,
): Promise<void> {
  const scheduleId = idFor(taskQueue);
  const plan = {
    spec: { intervals: [{ every: everyMs }] },
    action: {
      type: 'startWorkflow',
      workflowType: reconciliationWorkflow,
      workflowId: scheduleId,
      taskQueue,
      workflowRunTimeout: RUN_TIMEOUT_MS,
    },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: MINUTE },
  } satisfies Omit<ScheduleOptions, 'scheduleId'>;
  try {
    await client.schedule.create({ scheduleId, ...plan });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule
      .getHandle(scheduleId)
      .update(({ state }): ScheduleUpdateOptions => ({ ...plan, state }));
  }
}

export interface Reconciler {
  /** Runs it now, or joins a run that was asked for before; undefined when it takes longer than `withinMs`. */
  run(withinMs: number): Promise<ReconciliationResult | undefined>;
}

export function createReconciler(client: Client, taskQueue: string): Reconciler {
  return {
    async run(withinMs) {
      const handle = await client.workflow.start<() => Promise<ReconciliationResult>>(
        reconciliationWorkflow,
        {
          workflowId: `${idFor(taskQueue)}-now`,
          taskQueue,
          workflowIdConflictPolicy: 'USE_EXISTING',
          workflowRunTimeout: RUN_TIMEOUT_MS,
        },
      );
      const result = handle.result();
      // Whoever has stopped waiting does not hear how it ended.
      result.catch(() => undefined);
      return within(result, withinMs);
    },
  };
}
