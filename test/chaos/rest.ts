import { optionalTsToMs } from '@temporalio/common/lib/time.js';
import { MINUTE } from '../../src/domain/deadline.js';
import { runsOf, type Observed } from '../support/facts.js';

/** Of `patient` in src/workflows/activity-proxies.ts. */
const TRY_MS = 30_000;
const firstWait = 500;
/** No retry waits longer than the trouble lasted; a workflow that has skipped time names its own, months ahead. */
const LONGEST_WAIT_MS = 3 * MINUTE;

/**
 * Until when (epoch ms) everything must have come to rest: a minute, from the moment on at which the last retry is due
 * that was waiting when everything was healed. A retry waits as long as all before it together, so that after a minute
 * and a half of trouble an order may sit still for as long again, and nothing is wrong with it.
 */
export async function restDeadline(world: Observed): Promise<number> {
  const now = Date.now();
  let latest = now;
  for (const { workflowId, runId, status } of await runsOf(world)) {
    if (status !== 'RUNNING') continue;
    const { raw } = await world.temporal.workflow.getHandle(workflowId, runId).describe();
    for (const activity of raw.pendingActivities ?? []) latest = Math.max(latest, nextTry(activity) ?? now);
  }
  return Math.min(latest, now + LONGEST_WAIT_MS) + MINUTE;
}

type Time = Parameters<typeof optionalTsToMs>[0];

/** One that has begun may have died with its process: Temporal knows when its time is over. */
function nextTry(activity: {
  nextAttemptScheduleTime?: Time;
  lastStartedTime?: Time;
  attempt?: number | null;
}): number | undefined {
  const waiting = optionalTsToMs(activity.nextAttemptScheduleTime);
  if (waiting !== undefined) return waiting;
  const began = optionalTsToMs(activity.lastStartedTime);
  return began === undefined ? undefined : began + TRY_MS + firstWait * 2 ** ((activity.attempt ?? 1) - 1);
}
