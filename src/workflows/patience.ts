import { CancellationScope, condition } from '@temporalio/workflow';

interface Limits {
  /** Gives the work up when it turns true; whoever asked for that finds out what really happened. */
  stop?: () => boolean;
  /** How long the work may take before a person is called; it goes on meanwhile. */
  alarmMs: number;
  alarm: () => Promise<void>;
}

/** Waits for work that may take days, because a partner is down. Undefined: given up, outcome open. */
export async function patiently<T>(
  work: () => Promise<T>,
  { stop, alarmMs, alarm }: Limits,
): Promise<T | undefined> {
  const scope = new CancellationScope({ cancellable: true });
  let settled = false;
  const running = scope.run(work).finally(() => (settled = true));
  running.catch(() => undefined);
  const over = (): boolean => settled || (stop?.() ?? false);
  if (!(await condition(over, alarmMs))) {
    await alarm();
    await condition(over);
  }
  if (settled) return running;
  scope.cancel();
  await running.catch(() => undefined);
  return undefined;
}
