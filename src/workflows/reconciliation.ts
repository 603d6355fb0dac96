import { patched, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import {
  reconciliationParts,
  type ReconciliationPart,
  type ReconciliationResult,
} from '../domain/reconciliation.js';

const retry = { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' } as const;

const { beginReconciliation, finishReconciliation } = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  retry,
});

/** A part that does not succeed is given up: it comes again soon, and this run says what it could not see. */
const { reconcilePart } = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
  heartbeatTimeout: '30 seconds',
  retry: { ...retry, maximumAttempts: 3 },
});

/** Compares orders, workflows, ledger, gateway and stock, says what does not fit, and moves no money. */
export async function reconciliation(): Promise<ReconciliationResult> {
  const { runId } = workflowInfo();
  const startedAt = Date.now();
  await beginReconciliation({ runId, at: startedAt });
  const failed: ReconciliationPart[] = [];
  const parts = reconciliationParts.filter((part) => part !== 'disputes' || patched('disputes'));
  for (const part of parts) {
    try {
      let position: string | undefined;
      do position = await reconcilePart({ runId, part, at: Date.now(), ...(position ? { position } : {}) });
      while (position);
    } catch {
      failed.push(part);
    }
  }
  await finishReconciliation({ runId, startedAt, failed, at: Date.now() });
  return { runId, failed };
}
