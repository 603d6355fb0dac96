import { ApplicationFailure } from '@temporalio/activity';
import type { FailureType } from '../domain/failures.js';

/** An outcome that no retry can change. */
export function forGood(type: FailureType, message: string, code?: string): ApplicationFailure {
  return ApplicationFailure.create({
    type,
    message,
    nonRetryable: true,
    ...(code ? { details: [{ code }] } : {}),
  });
}
