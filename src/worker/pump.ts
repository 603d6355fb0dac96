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
  /** Does what is due; answers whether more may be due already. */
  work: () => Promise<boolean>;
  onError: (error: unknown) => void;
}

/** Runs one piece of work at a time: when told, and at an interval. A failure is reported and tried again. */
export async function startPump({ database, channel, everyMs, work, onError }: PumpOptions): Promise<Pump> {
  let stopped = false;
  let told = false;
  let wake: (() => void) | undefined;
  const tell = (): void => {
    told = true;
    wake?.();
  };
  const unlisten = await database.listen(channel, tell);

  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, everyMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (told || stopped) wake();
    });

  const loop = async (): Promise<void> => {
    while (!stopped) {
      told = false;
      try {
        while (!stopped && (await work()));
      } catch (error) {
        onError(error);
      }
      if (!stopped) await pause();
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
