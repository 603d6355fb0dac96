import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataConverter } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import type { temporal } from '@temporalio/proto';
import { projectRoot } from '../../src/up/project-root.js';
import { runsOf, type Observed } from './facts.js';
import { testDataConverter } from './payload-keys.js';

export type History = temporal.api.history.v1.IHistory;

/** An order's history stays short for months (Temporal bills and replays each event); a delivery's has reminders. */
const mostEvents: Record<string, number> = {
  order: 300,
  delivery: 1_500,
  refund: 1_500,
  reconciliation: 300,
};
const mostInputBytes = 16 * 1024;

export const bundlePath = join(projectRoot(), 'dist/workflow-bundle.js');

/** Replays histories on a bundle with an empty cache; answers what does not fit. */
export async function replay(
  histories: Iterable<{ workflowId: string; history: unknown }>,
  code = readFileSync(bundlePath, 'utf8'),
  dataConverter: DataConverter = testDataConverter,
): Promise<string[]> {
  const failures: string[] = [];
  const results = Worker.runReplayHistories({ workflowBundle: { code }, dataConverter }, histories);
  for await (const { workflowId, error } of results) {
    if (error) failures.push(`I9: ${workflowId} does not replay: ${error.message}`);
  }
  return failures;
}

/** I9 and I12: every history that a world has produced. */
export async function replayEverything(
  world: Observed,
  orderIds?: string[],
  code?: string,
): Promise<string[]> {
  const runs = (await runsOf(world)).filter(
    ({ workflowId }) => !orderIds || orderIds.some((id) => workflowId.endsWith(id)),
  );
  const histories: { workflowId: string; history: History }[] = [];
  const failures: string[] = [];
  for (const { workflowId, runId, type } of runs) {
    const history = await world.temporal.workflow.getHandle(workflowId, runId).fetchHistory();
    histories.push({ workflowId, history });
    failures.push(...tooLarge(workflowId, type, history));
  }
  return [...failures, ...(await replay(histories, code))];
}

function tooLarge(workflowId: string, type: string, { events }: History): string[] {
  const count = events?.length ?? 0;
  const input = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  const bytes = input.reduce((total, payload) => total + (payload.data?.length ?? 0), 0);
  const found: string[] = [];
  if (count > (mostEvents[type] ?? 0)) found.push(`I12: ${workflowId} has ${count} events`);
  if (bytes > mostInputBytes) found.push(`I12: ${workflowId} was started with ${bytes} bytes`);
  return found;
}
