import { closeAttention, raiseAttention } from '../db/attention.js';
import { fulfillmentOf } from '../db/fulfillment.js';
import { moveOrder, noteCancelRequest } from '../db/orders.js';
import { tell } from '../db/outbox.js';
import type { AttentionReason } from '../domain/attention.js';
import { isAskedFor, type CancelReason } from '../domain/lifecycle.js';
import type { Stamp } from '../domain/order.js';
import type { Deps } from './deps.js';

export function createOrderActivities({ db }: Deps) {
  /** Answers whether there is a booking to undo: a task that was lost with its reply may have made it. */
  async function beginCancelling({ reason, ...stamp }: Stamp & { reason: CancelReason }): Promise<boolean> {
    return db.transaction().execute(async (tx) => {
      await moveOrder(tx, stamp, 'cancelling', { cancel_reason: reason });
      if (isAskedFor(reason)) await noteCancelRequest(tx, stamp.orderId, stamp.at);
      await closeAttention(tx, stamp.orderId, {
        resolution: `cancelled: ${reason}`,
        by: 'workflow',
        at: stamp.at,
      });
      return (await fulfillmentOf(tx, stamp.orderId)) !== undefined;
    });
  }

  /** Every undo is done: only now is the order cancelled. */
  async function finishCancelling({ reason, ...stamp }: Stamp & { reason: CancelReason }): Promise<void> {
    await db.transaction().execute(async (tx) => {
      if (await moveOrder(tx, stamp, 'cancelled'))
        await tell(tx, stamp.orderId, 'order_cancelled', { reason });
    });
  }

  async function callPerson(call: {
    orderId: string;
    reason: AttentionReason;
    since: number;
    dueAt: number;
  }): Promise<void> {
    await raiseAttention(db, call);
  }

  async function closeCall(end: {
    orderId: string;
    reason?: AttentionReason;
    resolution: string;
    by: string;
    at: number;
  }): Promise<void> {
    await closeAttention(db, end.orderId, end);
  }

  return { beginCancelling, finishCancelling, callPerson, closeCall };
}
