import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { orderWorkflowId, parseWorkflowId } from '../domain/identity.js';
import type { WorkflowView } from '../domain/reconciliation.js';
import { orderWorkflow, snapshotQuery } from '../workflows/messages.js';

const ANSWER_WITHIN_MS = 5_000;
const MOST_STUCK = 1_000;

/** What the reconciler may see of Temporal: it looks, and changes nothing. */
export function createWorkflowView(client: Client, taskQueue: string): WorkflowView {
  const within = <T>(work: () => Promise<T>): Promise<T> =>
    client.connection.withDeadline(Date.now() + ANSWER_WITHIN_MS, work);

  async function list(query: string, limit = Infinity): Promise<string[]> {
    const ids: string[] = [];
    for await (const { workflowId } of client.workflow.list({ query, pageSize: 1000 })) {
      ids.push(workflowId);
      if (ids.length >= limit) break;
    }
    return ids;
  }

  return {
    async running(after, upTo) {
      const ids = await list(
        `TaskQueue = '${taskQueue}' AND WorkflowType = '${orderWorkflow}' AND ExecutionStatus = 'Running' ` +
          `AND WorkflowId > '${orderWorkflowId(after)}'` +
          (upTo === undefined ? '' : ` AND WorkflowId <= '${orderWorkflowId(upTo)}'`),
      );
      return ids.flatMap((id) => parseWorkflowId(id)?.orderId ?? []);
    },
    stuck: () =>
      list(
        `TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running' AND TemporalReportedProblems IN ` +
          `('category=WorkflowTaskFailed', 'category=WorkflowTaskTimedOut')`,
        MOST_STUCK,
      ),
    async describe(workflowId) {
      try {
        const { status, historyLength, raw } = await within(() =>
          client.workflow.getHandle(workflowId).describe(),
        );
        const busy = (raw.pendingActivities?.length ?? 0) > 0 || Boolean(raw.pendingWorkflowTask);
        const taskAttempts = raw.pendingWorkflowTask?.attempt ?? 0;
        return { workflowId, status: status.name, historyLength, atRest: !busy, taskAttempts };
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return undefined;
        throw error;
      }
    },
    snapshot: (workflowId) =>
      within(() => client.workflow.getHandle(workflowId).query(snapshotQuery)).catch(() => undefined),
  };
}
