import type { Store } from '../store.js';
import { missing } from './errors.js';
import type { Dispute, Payment, Refund, RefundStatus } from './types.js';

const outstanding: readonly RefundStatus[] = ['succeeded', 'pending', 'requires_action'];
const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0);

/** What has left, or is about to leave, towards the customer. */
export const refundedOf = (refunds: Refund[]): number =>
  sum(refunds.filter((refund) => outstanding.includes(refund.status)).map((refund) => refund.amount));

/** What the customer's bank has taken back and not returned. */
export const disputedOf = (disputes: Dispute[] = []): number =>
  sum(disputes.filter((dispute) => dispute.status !== 'won').map((dispute) => dispute.amount));

export const orderOf = (payment: Payment): string => payment.intent.metadata['order_id'] ?? '';

export type Books = ReturnType<typeof createBooks>;

/** Every payment with its charges and refunds; the one place where the gateway's money is written down. */
export function createBooks(store: Store) {
  const payments = store.collection<Payment>('payments');
  /** Any id of ours (intent, charge, refund, dispute) → the intent it belongs to. */
  const owner = new Map<string, string>();
  const byOrder = new Map<string, Set<string>>();

  function index(payment: Payment): void {
    const id = payment.intent.id;
    const parts = [...payment.charges, ...payment.refunds, ...(payment.disputes ?? [])];
    for (const part of [payment.intent, ...parts]) owner.set(part.id, id);
    const order = orderOf(payment);
    byOrder.set(order, (byOrder.get(order) ?? new Set()).add(id));
  }
  for (const payment of payments.values()) index(payment);

  function find(id: string): Payment | undefined {
    const intent = owner.get(id);
    return intent === undefined ? undefined : payments.get(intent);
  }

  return {
    save(payment: Payment): Payment {
      payments.put(payment.intent.id, payment);
      index(payment);
      return payment;
    },
    find,
    intent(id: string, param = 'intent', status = 404): Payment {
      const payment = id.startsWith('pi_') ? find(id) : undefined;
      if (!payment) throw missing('payment_intent', id, param, status);
      return payment;
    },
    refund(id: string): { payment: Payment; refund: Refund } {
      const payment = find(id);
      const refund = payment?.refunds.find((candidate) => candidate.id === id);
      if (!payment || !refund) throw missing('refund', id, 'id');
      return { payment, refund };
    },
    ofOrder: (order: string): Payment[] =>
      [...(byOrder.get(order) ?? [])].flatMap((id) => payments.get(id) ?? []),
    all: (): Payment[] => [...payments.values()],
  };
}

/** A line of the books as tests compare it with our own ledger. */
export function bookEntry(payment: Payment) {
  const succeeded = payment.charges.filter((charge) => charge.status === 'succeeded');
  return {
    orderId: orderOf(payment) || null,
    paymentIntent: payment.intent.id,
    status: payment.intent.status,
    amountMinor: payment.intent.amount,
    currency: payment.intent.currency,
    chargedMinor: sum(succeeded.map((charge) => charge.amount)),
    refundedMinor: refundedOf(payment.refunds),
    refunds: payment.refunds.map(({ id, amount, status, metadata }) => ({
      id,
      amountMinor: amount,
      status,
      // The shop names each refund that it asks for.
      byHand: metadata['refund_id'] === undefined,
    })),
    disputedMinor: disputedOf(payment.disputes),
    disputes: (payment.disputes ?? []).map(({ id, amount, status }) => ({ id, amountMinor: amount, status })),
    charges: succeeded.length,
  };
}
