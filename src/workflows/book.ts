import { setCurrentDetails } from '@temporalio/workflow';
import type { AttentionReason } from '../domain/attention.js';
import type { OrderStatus } from '../domain/lifecycle.js';
import type { OrderInput, Stamp } from '../domain/order.js';
import { steps } from './activity-proxies.js';
import { tellNeedsAttention } from './search-attributes.js';
import { tellStory } from './story.js';

/** The thread of an order's writes: its version, its clock, its status. Handed from the order to its delivery. */
export interface Book {
  readonly order: OrderInput;
  readonly status: OrderStatus;
  readonly version: number;
  /** Workflow time, never behind what another workflow of this order has already seen. */
  now(): number;
  /** The stamp of the next write; an activity that writes twice takes `writes` versions. */
  stamp(writes?: number): Stamp;
  moved(to: OrderStatus, note?: string): void;
  /** Takes over where the other workflow stopped writing. */
  continueFrom(other: { version: number; at: number }): void;
  /** What a person is called for now. */
  readonly call: AttentionReason | undefined;
  callPerson(reason: AttentionReason, withinMs: number): Promise<void>;
  closeCall(resolution: string, by?: string, reason?: AttentionReason): Promise<void>;
  /** Every call was closed by another write. */
  callsClosed(): void;
}

export function openBook(
  order: OrderInput,
  status: OrderStatus,
  version = 0,
  call: AttentionReason | undefined = undefined,
  writtenAt = 0,
): Book {
  let latest = writtenAt;
  let current = status;
  const now = (): number => Math.max(Date.now(), latest);
  const moved = (to: OrderStatus, note?: string): void => {
    current = to;
    setCurrentDetails(tellStory(order, to, note));
  };
  const callsClosed = (): void => {
    if (call) tellNeedsAttention(false);
    call = undefined;
  };
  moved(status);
  return {
    order,
    get status() {
      return current;
    },
    get version() {
      return version;
    },
    get call() {
      return call;
    },
    now,
    stamp(writes = 1) {
      latest = now();
      const stamp = { orderId: order.orderId, version: version + 1, at: latest };
      version += writes;
      return stamp;
    },
    moved,
    continueFrom(other) {
      version = Math.max(version, other.version);
      latest = Math.max(latest, other.at);
    },
    async callPerson(reason, withinMs) {
      await steps.callPerson({ orderId: order.orderId, reason, since: now(), dueAt: now() + withinMs });
      if (!call) tellNeedsAttention(true);
      call = reason;
    },
    async closeCall(resolution, by = 'workflow', reason) {
      if (!call) return;
      await steps.closeCall({
        orderId: order.orderId,
        resolution,
        by,
        at: now(),
        ...(reason ? { reason } : {}),
      });
      callsClosed();
    },
    callsClosed,
  };
}
