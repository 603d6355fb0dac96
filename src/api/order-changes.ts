import type { Database } from '../db/database.js';

/** Who waits for an order to change, told by the database itself, so that it works across processes. */
export interface OrderChanges {
  /** Resolves at the order's next change, or after `ms`. Ask before you read, or a change can slip by. */
  next(orderId: string, ms: number): { happened: Promise<void>; stop: () => void };
  close(): Promise<void>;
}

export async function watchOrderChanges(database: Database): Promise<OrderChanges> {
  const waiting = new Map<string, Set<() => void>>();
  const unlisten = await database.listen('order_changed', (orderId) => {
    for (const wake of waiting.get(orderId) ?? []) wake();
  });
  return {
    next(orderId, ms) {
      let stop = (): void => undefined;
      const happened = new Promise<void>((resolve) => {
        const set = waiting.get(orderId) ?? new Set();
        waiting.set(orderId, set);
        const timer = setTimeout(() => stop(), ms);
        stop = () => {
          clearTimeout(timer);
          set.delete(stop);
          if (set.size === 0) waiting.delete(orderId);
          resolve();
        };
        set.add(stop);
      });
      return { happened, stop };
    },
    close: () => unlisten(),
  };
}
