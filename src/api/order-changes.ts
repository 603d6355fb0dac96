import type { Database } from '../db/database.js';
import type { OrderStatus } from '../domain/lifecycle.js';

/** Who waits for an order to change, told by the database itself, so that it works across processes. */
export interface OrderChanges {
  /** Resolves once the order gets a status that `is` wanted, or after `ms`. Ask before the change can happen. */
  until(orderId: string, is: (status: OrderStatus) => boolean, ms: number): Promise<void>;
  /** Hears of every change of any order, and of breaks in which some may have been lost, until it is called. */
  watch(hear: (change: OrderChange) => void, onGap: () => void): () => void;
  close(): Promise<void>;
}

export interface OrderChange {
  orderId: string;
  status: string;
  /** Grows with every write to the order's row; a refund or a parcel changes without it. */
  version: number;
  /** Only what is told about the order has grown: mails, commands, the audit. */
  isRecord: boolean;
}

export async function watchOrderChanges(database: Database): Promise<OrderChanges> {
  const waiting = new Map<string, Set<(status: OrderStatus) => void>>();
  const watchers = new Set<{ hear: (change: OrderChange) => void; onGap: () => void }>();
  const unlisten = await database.listen(
    'order_changed',
    (payload) => {
      const [orderId = '', status = '', version, record] = payload.split(' ');
      for (const hear of waiting.get(orderId) ?? []) hear(status as OrderStatus);
      for (const { hear } of watchers)
        hear({ orderId, status, version: Number(version ?? 0), isRecord: record === 'record' });
    },
    () => watchers.forEach(({ onGap }) => onGap()),
  );
  return {
    until: (orderId, is, ms) =>
      new Promise((resolve) => {
        const listeners = waiting.get(orderId) ?? new Set();
        waiting.set(orderId, listeners);
        const end = (): void => {
          clearTimeout(timer);
          listeners.delete(hear);
          if (listeners.size === 0) waiting.delete(orderId);
          resolve();
        };
        const hear = (status: OrderStatus): void => {
          if (is(status)) end();
        };
        const timer = setTimeout(end, ms);
        listeners.add(hear);
      }),
    watch: (hear, onGap) => {
      const watcher = { hear, onGap };
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
    close: () => unlisten(),
  };
}
