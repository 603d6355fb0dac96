import { closeAttention, raiseAttention } from '../db/attention.js';
import { proofOf } from '../db/commands.js';
import { tell } from '../db/outbox.js';
import { paymentOf } from '../db/payments.js';
import { settledOutside, settleOutside } from '../db/refunds.js';
import { moneyCalls, type AttentionReason, type MoneyState } from '../domain/attention.js';
import { isUndone } from '../domain/lifecycle.js';
import type { Deps } from './deps.js';
import { bringRefundsUpToDate, stateOf, takeOver, toSettle } from './money-back.js';

type Look = { orderId: string; at: number };

export function createRefundActivities({ db, gateway }: Deps) {
  async function chargeOf(orderId: string) {
    const payment = await paymentOf(db, orderId);
    if (!payment?.gateway_id) return undefined;
    const intent = await gateway.retrieveIntent(payment.gateway_id);
    return intent.chargedMinor > 0 ? { intent, undone: isUndone(payment.order_status) } : undefined;
  }

  /** Reads at the gateway what became of an order's money, takes it over, and closes the calls it has answered. */
  async function checkRefund({ orderId, at }: Look): Promise<MoneyState> {
    const charge = await chargeOf(orderId);
    if (!charge) return 'none';
    const back = await takeOver({ db, gateway }, { orderId, at, intent: charge.intent });
    const state = stateOf(back, charge.intent.chargedMinor, charge.undone);
    await closeMoneyCalls(orderId, state, { resolution: state, by: 'gateway', at });
    return state;
  }

  /** Asks again for money that did not arrive. */
  async function retryRefund({ orderId, at }: Look): Promise<MoneyState> {
    const charge = await chargeOf(orderId);
    if (!charge?.undone) return 'none';
    return (await bringRefundsUpToDate({ db, gateway }, { orderId, at, intent: charge.intent })).state;
  }

  /** A call stays open for as long as its state lasts. */
  async function closeMoneyCalls(
    orderId: string,
    state: MoneyState,
    end: { resolution: string; by: string; at: number },
  ): Promise<void> {
    for (const [other, reason] of Object.entries(moneyCalls)) {
      if (other !== state) await closeAttention(db, orderId, { reason, ...end });
    }
  }

  async function callForRefund(call: {
    orderId: string;
    reason: AttentionReason;
    at: number;
    dueAt: number;
  }): Promise<void> {
    await db.transaction().execute(async (tx) => {
      await raiseAttention(tx, { ...call, since: call.at });
      if (call.reason === 'refund_failed') await tell(tx, call.orderId, 'refund_failed', {}, `:${call.at}`);
    });
  }

  /**
   * Takes a person's word, with its proof, that what was owed has been paid another way. How much that was is looked up
   * first: a part may have gone back meanwhile.
   */
  async function settleRefundOutside(end: {
    orderId: string;
    reference: string;
    by: string;
    at: number;
  }): Promise<MoneyState> {
    const { orderId, by, at } = end;
    const charge = await chargeOf(orderId);
    if (!charge) return 'none';
    // Decisions from before the proof was kept out of histories bring it themselves.
    const reference = (await proofOf(db, end.reference)) ?? end.reference;
    const { chargedMinor, currency } = charge.intent;
    const back = await takeOver({ db, gateway }, { orderId, at, intent: charge.intent });
    const amountMinor = toSettle(back, chargedMinor);
    if (amountMinor > 0) {
      const proof = { orderId, reference, amountMinor, currency, at };
      back.outsideMinor = await db.transaction().execute(async (tx) => {
        await settleOutside(tx, proof);
        await tell(tx, orderId, 'refund_settled', { amountMinor }, `:${at}`);
        return settledOutside(tx, orderId);
      });
    }
    const state = stateOf(back, chargedMinor, charge.undone);
    await closeMoneyCalls(orderId, state, { resolution: 'settled_outside', by, at });
    return state;
  }

  return { checkRefund, retryRefund, callForRefund, settleRefundOutside };
}
