import { setTimeout as sleep } from 'node:timers/promises';

export interface Patience {
  timeoutMs?: number;
  /** Ends the waiting at once, e.g. because the server died. */
  giveUp?: AbortSignal;
  /** Errors that waiting cannot mend are thrown at once. */
  retryable?: (error: unknown) => boolean;
}

/** Tries until the attempt returns true. Nothing announces these states: asking again is all there is. */
export async function until(
  what: string,
  attempt: () => Promise<boolean>,
  patience: Patience = {},
): Promise<void> {
  const { timeoutMs = 60_000, giveUp, retryable = () => true } = patience;
  const end = Date.now() + timeoutMs;
  let last: unknown;
  do {
    giveUp?.throwIfAborted();
    try {
      if (await attempt()) return;
    } catch (error) {
      if (!retryable(error)) throw error;
      last = error;
    }
    await sleep(50);
  } while (Date.now() < end);
  const reason = last instanceof Error ? `: ${last.message}` : '';
  throw new Error(`Waited ${timeoutMs / 1000} s for ${what}${reason}`);
}
