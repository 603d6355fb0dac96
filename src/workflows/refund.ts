import { allHandlersFinished, CancellationScope, condition, patched, setHandler } from '@temporalio/workflow';
import { isResolution, moneyCalls, type AttentionReason, type MoneyState } from '../domain/attention.js';
import { failures } from '../domain/failures.js';
import type { RefundInput } from '../domain/order.js';
import { patient, steps } from './activity-proxies.js';
import { refundChangedSignal, resolveUpdate, type RefundNews, type Resolution } from './messages.js';
import { refuse } from './order-desk.js';
import { patiently } from './patience.js';
import { tellNeedsAttention } from './search-attributes.js';

const callOf = (state: MoneyState): AttentionReason | undefined =>
  state in moneyCalls ? moneyCalls[state as keyof typeof moneyCalls] : undefined;

const ends: MoneyState[] = ['none', 'settled_outside', 'loss_accepted'];

/**
 * Watches an order's money to its end: its refund, which may take days and fail weeks after it succeeded, and what the
 * customer's bank takes back. It outlives the order. Started by the order while the refund is open, or by the gateway's
 * webhook.
 */
export async function refund({ orderId, policy }: RefundInput): Promise<MoneyState> {
  const startedAt = Date.now();
  let changed = false;
  let lateCharge = false;
  let resolution: Resolution | undefined;
  let state: MoneyState = 'pending';
  let open: AttentionReason | undefined;
  let wait = policy.refundPollMs;
  let paidAt = startedAt;
  // Orders placed before this policy had a name wait without it.
  const alarmMs = policy.refundPendingAlarmMs ?? Infinity;
  let alarmAt = startedAt + alarmMs;

  setHandler(refundChangedSignal, (news: RefundNews | undefined) => {
    changed = true;
    lateCharge ||= news?.lateCharge === true;
  });
  setHandler(
    resolveUpdate,
    (given) => ((resolution = given), { done: true, message: `Decided: ${given.action}.` }),
    {
      validator: ({ action, reference }: Resolution) => {
        if (resolution) throw refuse(failures.notAllowed, 'Another decision is being carried out.');
        if (!open) throw refuse(failures.notAllowed, `The refund is ${state}.`);
        if (!isResolution(open, action))
          throw refuse(failures.notAllowed, `${action} does not resolve ${open}.`);
        if (action === 'settle_outside' && !reference)
          throw refuse(failures.notAllowed, 'Settling outside needs a reference: the proof of payment.');
      },
    },
  );

  const call = async (reason: AttentionReason): Promise<void> => {
    const at = Date.now();
    await steps.callForRefund({ orderId, reason, at, dueAt: at + policy.partnerSilenceMs });
    open = reason;
    tellNeedsAttention(true);
  };
  const answered = (): void => {
    if (open) tellNeedsAttention(false);
    open = undefined;
  };

  /** A charge that landed after the order was given up is nobody's decision: it goes back, however long that takes. */
  const giveBack = async (): Promise<MoneyState> => {
    const given = await patiently(() => patient.retryRefund({ orderId, at: Date.now() }), {
      alarmMs: policy.undoAlarmMs,
      alarm: () => call('undo_failing'),
    });
    if (open === 'undo_failing') {
      const at = Date.now();
      await steps.closeCall({
        orderId,
        reason: open,
        resolution: 'the refund was asked for',
        by: 'workflow',
        at,
      });
      answered();
    }
    return given ?? state;
  };

  const look = async (): Promise<void> => {
    const [before, landed] = [state, lateCharge];
    changed = lateCharge = false;
    state = await steps.checkRefund({ orderId, at: Date.now() });
    if (landed && state === 'owed') state = await giveBack();
    if (state === 'pending' && !open && Date.now() >= alarmAt) {
      alarmAt = Date.now() + alarmMs;
      return call('refund_pending');
    }
    if (state === before) return;
    paidAt = Date.now();
    const reason = callOf(state);
    if (state === 'pending' || !reason) return answered();
    await call(reason);
  };

  const resolve = async ({ action, reference, by }: Resolution): Promise<void> => {
    const at = Date.now();
    if (action === 'settle_outside' && reference) {
      // Of a release before: no answer.
      const settled = (await steps.settleRefundOutside({ orderId, reference, by: by.id, at })) as
        MoneyState | undefined;
      state = settled ?? 'settled_outside';
      if (callOf(state) !== open) answered();
    } else if (action === 'retry') {
      state = await steps.retryRefund({ orderId, at });
    } else if (open) {
      await steps.closeCall({ orderId, reason: open, resolution: action, by: by.id, at });
      if (action === 'accept_loss') state = 'loss_accepted';
      answered();
    }
    resolution = undefined;
  };

  return CancellationScope.nonCancellable(async () => {
    // Before, the watch began when the refund was asked for.
    const sincePaid = patched('watched-since-paid');
    await look();
    while (!ends.includes(state)) {
      const watchedFor = Date.now() - (sincePaid ? paidAt : startedAt);
      if (state === 'succeeded' && watchedFor >= policy.refundWatchMs) break;
      const pause = state === 'succeeded' ? policy.refundWatchMs - watchedFor : wait;
      await condition(() => changed || resolution !== undefined, pause);
      if (resolution) await resolve(resolution);
      if (state !== 'loss_accepted') await look();
      wait = Math.min(wait * 2, policy.refundPollCapMs);
    }
    await condition(allHandlersFinished);
    return state;
  });
}
