import { allHandlersFinished, CancellationScope, condition, setHandler } from '@temporalio/workflow';
import { failures } from '../domain/failures.js';
import type { RefundInput } from '../domain/order.js';
import type { RefundState } from '../activities/refund.js';
import { steps } from './activity-proxies.js';
import { refundChangedSignal, resolveUpdate, type Resolution } from './messages.js';
import { refuse } from './order-desk.js';
import { tellNeedsAttention } from './search-attributes.js';

/**
 * Watches an order's refund to its end. It outlives the order, because a refund may take days, and one that succeeded
 * may still fail weeks later. Started by the order while the refund is open, or by the gateway's webhook.
 */
export async function refund({ orderId, policy }: RefundInput): Promise<RefundState> {
  const startedAt = Date.now();
  let changed = false;
  let resolution: Resolution | undefined;
  let state: RefundState = 'pending';
  let wait = policy.refundPollMs;

  setHandler(refundChangedSignal, () => void (changed = true));
  setHandler(
    resolveUpdate,
    (given) => ((resolution = given), { done: true, message: `Decided: ${given.action}.` }),
    {
      validator: ({ action, reference }: Resolution) => {
        if (resolution) throw refuse(failures.notAllowed, 'Another decision is being carried out.');
        if (state !== 'failed' && state !== 'requires_action')
          throw refuse(failures.notAllowed, `The refund is ${state}.`);
        if (action === 'retry' || action === 'wait') return;
        if (action !== 'settle_outside')
          throw refuse(failures.notAllowed, `${action} does not settle a refund.`);
        if (!reference)
          throw refuse(failures.notAllowed, 'Settling outside needs a reference: the proof of payment.');
      },
    },
  );

  const call = async (reason: 'refund_failed' | 'refund_requires_action'): Promise<void> => {
    await steps.callForRefund({
      orderId,
      reason,
      at: Date.now(),
      dueAt: Date.now() + policy.partnerSilenceMs,
    });
    tellNeedsAttention(true);
  };

  const look = async (): Promise<void> => {
    const before = state;
    changed = false;
    state = await steps.checkRefund({ orderId, at: Date.now() });
    if (state === before) return;
    if (state === 'failed') await call('refund_failed');
    if (state === 'requires_action') await call('refund_requires_action');
    if (state === 'succeeded') tellNeedsAttention(false);
  };

  const resolve = async ({ action, reference, by }: Resolution): Promise<void> => {
    const at = Date.now();
    if (action === 'settle_outside' && reference) {
      await steps.settleRefundOutside({ orderId, reference, by: by.id, at });
      state = 'settled_outside';
      tellNeedsAttention(false);
    } else if (action === 'retry') {
      state = await steps.retryRefund({ orderId, at });
    }
    resolution = undefined;
  };

  return CancellationScope.nonCancellable(async () => {
    await look();
    while (state !== 'none' && state !== 'settled_outside') {
      const watchedFor = Date.now() - startedAt;
      if (state === 'succeeded' && watchedFor >= policy.refundWatchMs) break;
      const pause = state === 'succeeded' ? policy.refundWatchMs - watchedFor : wait;
      await condition(() => changed || resolution !== undefined, pause);
      if (resolution) await resolve(resolution);
      await look();
      wait = Math.min(wait * 2, policy.refundPollCapMs);
    }
    await condition(allHandlersFinished);
    return state;
  });
}
