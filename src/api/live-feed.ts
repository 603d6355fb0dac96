import { randomUUID } from 'node:crypto';
import type { eventNames } from '../contract/session.js';
import type { Database } from '../db/database.js';
import type { OrderChanges } from './order-changes.js';

export interface LiveEvent {
  /** This process's own count, behind a name that no other process has. */
  id: string;
  name: (typeof eventNames)[number];
  data: object;
}

/** What has changed, as the database tells every process, with a memory for those who were away for a moment. */
export interface LiveFeed {
  position(): string;
  /** What came after an event; undefined when that is not known any more, or was heard at another process. */
  since(id: string): LiveEvent[] | undefined;
  subscribe(hear: (event: LiveEvent) => void): () => void;
  close(): Promise<void>;
}

const REMEMBERED = 1_000;

export async function openLiveFeed(database: Database, changes: OrderChanges): Promise<LiveFeed> {
  const epoch = randomUUID().slice(0, 8);
  const recent: LiveEvent[] = [];
  const subscribers = new Set<(event: LiveEvent) => void>();
  let n = 0;

  function emit(name: LiveEvent['name'], data: object): void {
    n += 1;
    const event = { id: `${epoch}-${n}`, name, data };
    if (recent.push(event) > REMEMBERED) recent.shift();
    for (const hear of subscribers) hear(event);
  }
  const reset = (): void => emit('reset', {});

  const unwatch = changes.watch(({ isRecord, ...change }) => {
    if (isRecord) emit('record', { orderId: change.orderId });
    else emit('order', change);
  }, reset);
  const unlisten = await database.listen(
    'console_changed',
    (payload) => {
      const [name, id] = payload.split(' ');
      if (name === 'attention') emit('attention', { orderId: id });
      else if (name === 'reconciliation') emit('reconciliation', {});
      else emit('product', { sku: id });
    },
    reset,
  );

  return {
    position: () => `${epoch}-${n}`,
    since(id) {
      const [, name, count] = /^([0-9a-f]{8})-(\d{1,12})$/.exec(id) ?? [];
      const missed = n - Number(count);
      if (name !== epoch || !(missed >= 0 && missed <= recent.length)) return undefined;
      return missed === 0 ? [] : recent.slice(-missed);
    },
    subscribe(hear) {
      subscribers.add(hear);
      return () => void subscribers.delete(hear);
    },
    close: async () => {
      unwatch();
      await unlisten();
    },
  };
}
