import { newId } from '../ids.js';
import { disputedOf, type Books } from './books.js';
import { missing, refused } from './errors.js';
import type { Announce } from './events.js';
import { nowSeconds, type Dispute, type DisputeStatus, type Payment } from './types.js';

export type Disputes = ReturnType<typeof createDisputes>;

/** The customer's bank takes a payment back, at once; when the shop wins, it comes back. */
export function createDisputes({ books, announce }: { books: Books; announce: Announce }) {
  function open(payment: Payment, amount?: number): Dispute {
    const charge = payment.charges.find((candidate) => candidate.status === 'succeeded');
    if (!charge) throw refused(`PaymentIntent ${payment.intent.id} has no charge to dispute.`);
    if (disputedOf(payment.disputes) > 0) throw refused(`Charge ${charge.id} is disputed already.`);
    const dispute: Dispute = {
      id: newId('dp'),
      object: 'dispute',
      amount: amount ?? charge.amount,
      charge: charge.id,
      created: nowSeconds(),
      currency: charge.currency,
      livemode: false,
      metadata: {},
      payment_intent: payment.intent.id,
      reason: 'product_not_received',
      status: 'needs_response',
    };
    const saved = save(payment, [...(payment.disputes ?? []), dispute]);
    announce('charge.dispute.created', saved, dispute);
    return dispute;
  }

  function decide(id: string, status: DisputeStatus): Dispute {
    const payment = books.find(id);
    const dispute = payment?.disputes?.find((candidate) => candidate.id === id);
    if (!payment || !dispute) throw missing('dispute', id, 'id');
    const changed = { ...dispute, status };
    const saved = save(
      payment,
      (payment.disputes ?? []).map((other) => (other.id === id ? changed : other)),
    );
    const closed = status === 'won' || status === 'lost';
    announce(closed ? 'charge.dispute.closed' : 'charge.dispute.updated', saved, changed);
    return changed;
  }

  function save(payment: Payment, disputes: Dispute[]): Payment {
    const disputed = (charge: string): boolean => disputes.some((dispute) => dispute.charge === charge);
    const charges = payment.charges.map((charge) => ({ ...charge, disputed: disputed(charge.id) }));
    return books.save({ ...payment, charges, disputes });
  }

  return { open, decide };
}
