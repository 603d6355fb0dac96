import type { Tx } from './database.js';
import { at } from './schema.js';

/**
 * Accounts: `gateway` is what the payment gateway holds for us, `customer_deposits` what we owe for undelivered
 * goods, `revenue` what has been earned, `disputes` what customers' banks have taken back. Debits are positive, credits negative; each posting sums to zero.
 */
export type Account = 'gateway' | 'customer_deposits' | 'revenue' | 'disputes';
export type Operation = 'charge' | 'refund' | 'refund_reversal' | 'dispute' | 'dispute_reversal' | 'delivery';

export const postings: Record<Operation, [debit: Account, credit: Account]> = {
  charge: ['gateway', 'customer_deposits'],
  refund: ['customer_deposits', 'gateway'],
  refund_reversal: ['gateway', 'customer_deposits'],
  dispute: ['disputes', 'gateway'],
  dispute_reversal: ['gateway', 'disputes'],
  delivery: ['customer_deposits', 'revenue'],
};

export interface Posting {
  orderId: string;
  operation: Operation;
  /** The gateway's id of the fact: a charge is posted once under its intent, a refund once under its own id. */
  gatewayId: string;
  amountMinor: number;
  currency: string;
  at: number;
}

/** Posts once per order, operation and gateway id; a repeat changes nothing. */
export async function post(tx: Tx, posting: Posting): Promise<void> {
  const [debit, credit] = postings[posting.operation];
  const row = (account: Account, amount: number) => ({
    order_id: posting.orderId,
    operation: posting.operation,
    gateway_id: posting.gatewayId,
    account,
    amount_minor: amount,
    currency: posting.currency,
    at: at(posting.at),
  });
  await tx
    .insertInto('ledger_entries')
    .values([row(debit, posting.amountMinor), row(credit, -posting.amountMinor)])
    .onConflict((oc) => oc.doNothing())
    .execute();
}
