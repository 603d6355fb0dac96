import type { Database } from '../db/database.js';

export interface Pump {
  stop(): Promise<void>;
}

export interface PumpOptions {
  database: Database;
  /** Notifications that mean: there is work now. */
  channel: string;
  /** Looks again this often even when nothing was heard: retries fall due, notifications can be lost. */
  everyMs: number;
  /** Rests after each round, so that what comes in a burst is taken together. */
  restMs?: number;
  /** Does what is due; answers whether more may be due already. */
  work: () => Promise<boolean>;
  onError: (error: unknown) => void;
}

/** Runs one piece of work at a time: when told, and at an interval. A failure is reported and tried again. */
export async function startPump({
  database,
  channel,
  everyMs,
  restMs = 0,
  work,
  onError,
}: PumpOptions): Promise<Pump> {
  let stopped = false;
  let told = false;
  let wake: (() => void) | undefined;
  const tell = (): void => {
    told = true;
    wake?.();
  };
  const unlisten = await database.listen(channel, tell);

  const pause = (ms: number, isOver: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        if (!isOver()) return;
        clearTimeout(timer);
        resolve();
      };
      wake();
    });

  const loop = async (): Promise<void> => {
    while (!stopped) {
      told = false;
      try {
        while (!stopped && (await work()));
      } catch (error) {
        onError(error);
      }
      await pause(restMs, () => stopped);
      await pause(everyMs, () => told || stopped);
      wake = undefined;
    }
  };
  const running = loop();
  return {
    stop: async () => {
      stopped = true;
      wake?.();
      await running;
      await unlisten();
    },
  };
}
