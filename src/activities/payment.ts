import { Context } from '@temporalio/activity';
import type { MoneyState } from '../domain/attention.js';
import { failures } from '../domain/failures.js';
import { intentKey } from '../domain/identity.js';
import type { Stamp } from '../domain/order.js';
import { moveOrder } from '../db/orders.js';
import { tell } from '../db/outbox.js';
import { fencePayment, markPayment, nameIntent, noteRefusal, paymentOf } from '../db/payments.js';
import { recordPaid } from '../db/placement.js';
import { releaseUnits } from '../db/stock.js';
import { PartnerRefusal } from '../integrations/errors.js';
import type { Intent } from '../integrations/payment-gateway.js';
import type { Deps } from './deps.js';
import { forGood } from './failing.js';
import { bringRefundsUpToDate } from './money-back.js';
import { logged, type UndoEnd } from './undo-log.js';
import type { UndoStart } from '../db/compensation-log.js';

const AUTHENTICATION = 'authentication_required';

export interface PaymentUndone extends UndoEnd {
  /** Where the money stands: `none` was ever taken, or the state of the refund. */
  refund: MoneyState;
}

export function createPaymentActivities({ db, gateway }: Deps) {
  type Payment = NonNullable<Awaited<ReturnType<typeof paymentOf>>>;

  /** An intent moves no money until it is confirmed, and only the one that got its name into the row is. */
  async function openIntent(payment: Payment): Promise<Intent> {
    const { attempt } = Context.current().info;
    const intent = await gateway.createIntent({
      key: intentKey(payment.order_id, attempt),
      orderId: payment.order_id,
      amount: { amountMinor: payment.amount_minor, currency: payment.currency },
      paymentMethod: payment.payment_method,
    });
    const named = await nameIntent(db, payment.order_id, intent.id);
    if (!named) throw forGood(failures.chargeStopped, 'the charge was stopped before it began');
    return named === intent.id ? intent : gateway.retrieveIntent(named);
  }

  async function chargeOutcome(payment: Payment): Promise<Intent> {
    const intent = payment.gateway_id
      ? await gateway.retrieveIntent(payment.gateway_id)
      : await openIntent(payment);
    if (intent.status === 'unconfirmed') return gateway.confirmIntent(intent.id);
    if (intent.status === 'needs_customer') {
      await noteRefusal(db, payment.order_id, AUTHENTICATION);
      await gateway.cancelIntent(intent.id);
      throw new PartnerRefusal(AUTHENTICATION, 'the card asks for the customer, who is not there');
    }
    if (intent.status === 'canceled' && payment.failure_code === AUTHENTICATION)
      throw new PartnerRefusal(AUTHENTICATION, 'called off before, its reply was lost');
    return intent;
  }

  /** Says the gateway's code and not its message, which may quote what no history may hold. */
  async function declined(stamp: Stamp, code: string): Promise<never> {
    await db.transaction().execute(async (tx) => {
      if (!(await moveOrder(tx, stamp, 'rejected'))) return;
      await markPayment(tx, stamp.orderId, 'failed', stamp.at, code);
      await releaseUnits(tx, stamp.orderId, stamp.at);
      await tell(tx, stamp.orderId, 'payment_declined', { code });
    });
    throw forGood(failures.declined, 'declined', code);
  }

  /**
   * Charges the full price once, however often it is called. Throws PaymentDeclined or ChargeStopped for good;
   * any other error leaves the payment `unknown`, and the next try looks at the gateway before it acts.
   */
  async function chargePayment(stamp: Stamp): Promise<void> {
    const payment = await paymentOf(db, stamp.orderId);
    if (!payment) throw new Error(`order ${stamp.orderId} has no payment row`);
    if (payment.status === 'canceled') throw forGood(failures.chargeStopped, 'the charge was stopped');
    if (payment.status === 'failed')
      throw forGood(failures.declined, 'declined', payment.failure_code ?? undefined);
    let intent: Intent;
    try {
      intent = await chargeOutcome(payment);
    } catch (error) {
      if (error instanceof PartnerRefusal) return declined(stamp, error.code);
      await markPayment(db, stamp.orderId, 'unknown', stamp.at);
      throw error;
    }
    if (intent.status === 'declined') return declined(stamp, intent.declineCode ?? 'card_declined');
    if (intent.status === 'canceled') throw forGood(failures.chargeStopped, 'the charge was stopped');
    if (intent.status !== 'succeeded') throw new Error(`the charge is still ${intent.status} at the gateway`);
    await recordPaid(db, stamp, {
      gatewayId: intent.id,
      amountMinor: intent.chargedMinor,
      currency: intent.currency,
    });
  }

  /** Cancels what has not succeeded, which also fences a late attempt; otherwise says what was charged. */
  async function stopCharge(intentId: string): Promise<Intent> {
    const intent = await gateway.retrieveIntent(intentId);
    if (intent.status === 'succeeded' || intent.status === 'canceled') return intent;
    if (intent.status === 'processing') throw new Error('the charge is still processing at the gateway');
    return gateway.cancelIntent(intentId);
  }

  /**
   * The undo of the charge: stops it if it has not landed, refunds the rest of it if it has. Does nothing where
   * nothing was done; what was refunded before, by us or by hand, is not refunded again.
   */
  async function refundPayment(undo: UndoStart): Promise<PaymentUndone> {
    const { orderId, at } = undo;
    return logged(db, undo, async () => {
      if (await fencePayment(db, orderId, at)) {
        return { end: { outcome: 'nothing_charged', detail: 'no charge had begun', refund: 'none' } };
      }
      const payment = await paymentOf(db, orderId);
      if (!payment?.gateway_id) throw new Error(`order ${orderId} has no payment to undo`);
      const intent = await stopCharge(payment.gateway_id);
      if (intent.status !== 'succeeded') {
        const end = {
          outcome: 'charge_stopped',
          detail: `intent ${intent.id} was cancelled`,
          refund: 'none' as const,
        };
        return { end, record: (tx) => markPayment(tx, orderId, 'canceled', at) };
      }
      const { state, detail } = await bringRefundsUpToDate({ db, gateway }, { orderId, at, intent });
      const outcome = state === 'succeeded' ? 'refunded' : `refund_${state}`;
      return { end: { outcome, detail, refund: state } };
    });
  }

  return { chargePayment, refundPayment };
}
