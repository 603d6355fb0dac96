import { newId } from '../ids.js';
import type { Store } from '../store.js';
import { disputedOf, refundedOf, type Books } from './books.js';
import { cardOf } from './cards.js';
import { invalid, refused } from './errors.js';
import type { Announce } from './events.js';
import {
  nowSeconds,
  type Charge,
  type Metadata,
  type Payment,
  type Refund,
  type RefundStatus,
} from './types.js';

export interface RefundOrder {
  amount?: number;
  reason?: string;
  metadata?: Metadata;
}

export type Refunds = ReturnType<typeof createRefunds>;

export function createRefunds(deps: { store: Store; books: Books; announce: Announce }) {
  const { store, books, announce } = deps;
  const settings = store.collection<number | null>('refund-settings');
  const timers = new Set<NodeJS.Timeout>();

  function create(payment: Payment, order: RefundOrder): Refund {
    const charge = succeededCharge(payment);
    if (disputedOf(payment.disputes) > 0) {
      throw refused(`Charge ${charge.id} has been charged back.`, { code: 'charge_disputed' });
    }
    const amount = refundableAmount(payment, charge, order.amount);
    const refund: Refund = {
      id: newId('re'),
      object: 'refund',
      amount,
      balance_transaction: newId('txn'),
      charge: charge.id,
      created: nowSeconds(),
      currency: charge.currency,
      destination_details: { type: 'card', card: { type: 'refund' } },
      metadata: order.metadata ?? {},
      payment_intent: payment.intent.id,
      reason: order.reason ?? null,
      receipt_number: null,
      status: firstStatusOf(charge),
    };
    const saved = save(payment, [...payment.refunds, refund]);
    announce('refund.created', saved, refund);
    changeOnItsOwn(refund, charge);
    return refund;
  }

  function changeStatus(id: string, status: RefundStatus, failureReason?: string): Refund {
    const { payment, refund } = books.refund(id);
    const others = payment.refunds.filter((other) => other.id !== id);
    if (refundedOf([...others, { ...refund, status }]) > payment.intent.amount) {
      throw refused(`Refund ${id} cannot become ${status}: other refunds have taken its money.`);
    }
    const { failure_reason: _, ...rest } = refund;
    const reason = failureReason ?? 'unknown';
    const changed: Refund = { ...rest, status, ...(status === 'failed' ? { failure_reason: reason } : {}) };
    const saved = save(
      payment,
      payment.refunds.map((other) => (other.id === id ? changed : other)),
    );
    announce(status === 'failed' ? 'refund.failed' : 'refund.updated', saved, changed);
    return changed;
  }

  /** The charge says how much of it is refunded; a failed or canceled refund no longer counts. */
  function save(payment: Payment, refunds: Refund[]): Payment {
    const charges = payment.charges.map((charge) => {
      const amount_refunded = refundedOf(refunds.filter((refund) => refund.charge === charge.id));
      return { ...charge, amount_refunded, refunded: amount_refunded === charge.amount };
    });
    return books.save({ ...payment, charges, refunds });
  }

  function changeOnItsOwn(refund: Refund, charge: Charge): void {
    const afterMs = settings.get('automaticChangeAfterMs');
    const story = storyOf(charge);
    if (typeof afterMs !== 'number' || story === 'succeed') return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      if (story === 'fail_later') changeStatus(refund.id, 'failed', 'lost_or_stolen_card');
      else changeStatus(refund.id, 'succeeded');
      store.commit();
    }, afterMs);
    timers.add(timer);
  }

  for (const payment of books.all()) payment.refunds.forEach((refund) => resume(payment, refund));

  function resume(payment: Payment, refund: Refund): void {
    const charge = payment.charges.find((candidate) => candidate.id === refund.charge);
    if (charge && refund.status === firstStatusOf(charge)) changeOnItsOwn(refund, charge);
  }

  return {
    create,
    changeStatus,
    /** Stripe changes refunds of its two refund test cards by itself; here only when asked, null for never. */
    changeAutomaticallyAfter: (ms: number | null): void => settings.put('automaticChangeAfterMs', ms),
    close: (): void => timers.forEach((timer) => clearTimeout(timer)),
  };
}

const firstStatusOf = (charge: Charge): RefundStatus =>
  storyOf(charge) === 'pending_first' ? 'pending' : 'succeeded';

const storyOf = (charge: Charge) => cardOf(charge.payment_method)?.refunds ?? 'succeed';

function succeededCharge(payment: Payment): Charge {
  const charge = payment.charges.find((candidate) => candidate.status === 'succeeded');
  if (charge) return charge;
  throw refused(`This PaymentIntent (${payment.intent.id}) does not have a successful charge to refund.`, {
    param: 'payment_intent',
  });
}

function refundableAmount(payment: Payment, charge: Charge, asked: number | undefined): number {
  if (asked === 0)
    throw invalid('Invalid positive integer', { code: 'parameter_invalid_integer', param: 'amount' });
  const left = charge.amount - refundedOf(payment.refunds);
  if (left === 0) {
    throw refused(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' });
  }
  if (asked !== undefined && asked > left) {
    const message = `Refund amount (${asked}) is greater than unrefunded amount on charge (${left})`;
    throw refused(message, { param: 'amount', code: 'amount_too_large' });
  }
  return asked ?? left;
}
