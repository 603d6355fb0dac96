import { setTimeout as sleep } from 'node:timers/promises';

const TRY_AGAIN_MS = 1_000;
/** An outage fills no log. */
const SAY_EVERY = 30;

/** Says on stderr what failed and that it will be tried again. */
export const reportOn =
  (what: string) =>
  (error: unknown): void => {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${new Date().toISOString()} ${what}: ${message}, trying again\n`);
  };

/** What the work gives, however often it fails before; undefined when it was called off first. */
export async function tryingAgain<T>(
  what: string,
  work: () => Promise<T>,
  stopping: AbortSignal,
): Promise<T | undefined> {
  for (let failures = 0; !stopping.aborted; failures += 1) {
    try {
      return await work();
    } catch (error) {
      if (failures % SAY_EVERY === 0) reportOn(what)(error);
      await sleep(TRY_AGAIN_MS, undefined, { signal: stopping }).catch(() => undefined);
    }
  }
  return undefined;
}
