import {
  ActivityFailure,
  ApplicationFailure,
  proxyActivities,
  proxyLocalActivities,
} from '@temporalio/workflow';
import { failures } from '../domain/failures.js';
import type { Activities } from '../activities/index.js';

/** Short and in the workflow task: stays below the 8 s after which a local activity heartbeats the task. */
const quick = proxyLocalActivities<Activities>({
  startToCloseTimeout: '3 seconds',
  scheduleToCloseTimeout: '3 seconds',
  retry: { maximumAttempts: 1 },
});

/** As long as it takes: no maximum attempts, fast retries first, then every few minutes. */
export const patient = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '5 minutes' },
});

const finalFailures = new Set<string>(Object.values(failures));

/** The type of a failure that no retry can change, or undefined when the outcome is open. */
export function finalFailure(error: unknown): string | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (!(cause instanceof ApplicationFailure) || !cause.nonRetryable) return undefined;
  return cause.type && finalFailures.has(cause.type) ? cause.type : undefined;
}

type Steps = { [K in keyof Activities]: Activities[K] };

/**
 * Each activity tried once as a local activity; when it was slow or doubtful, again as an ordinary one, which looks
 * before it acts and retries without end. Only a final failure comes out.
 */
export const steps: Steps = new Proxy({} as Steps, {
  get: (_target, name: string) => async (input: never) => {
    const key = name as keyof Activities;
    try {
      return await (quick[key] as (input: never) => Promise<unknown>)(input);
    } catch (error) {
      if (finalFailure(error)) throw error;
      return await (patient[key] as (input: never) => Promise<unknown>)(input);
    }
  },
});

export { quick };
