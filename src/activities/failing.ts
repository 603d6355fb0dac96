import { ApplicationFailure } from '@temporalio/activity';
import type { FailureType } from '../domain/failures.js';
import { PartnerDoubt } from '../integrations/errors.js';

/** An outcome that no retry can change. */
export function forGood(type: FailureType, message: string, code?: string): ApplicationFailure {
  return ApplicationFailure.create({
    type,
    message,
    nonRetryable: true,
    ...(code ? { details: [{ code }] } : {}),
  });
}

type Activity = (...args: never[]) => Promise<unknown>;

/** A partner who says when to come back is not asked before. */
export function heedingRetryAfter<T extends Record<string, Activity>>(activities: T): T {
  const heeding = (work: Activity): Activity =>
    async function heed(...args) {
      try {
        return await work(...args);
      } catch (error) {
        if (!(error instanceof PartnerDoubt) || error.retryAfterMs === undefined) throw error;
        const { message, retryAfterMs } = error;
        throw ApplicationFailure.create({
          type: error.name,
          message,
          nextRetryDelay: retryAfterMs,
          cause: error,
        });
      }
    };
  return Object.fromEntries(Object.entries(activities).map(([name, work]) => [name, heeding(work)])) as T;
}
