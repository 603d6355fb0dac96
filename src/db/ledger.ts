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

/** Per order: what was charged, refunded, taken in disputes and earned by the ledger, in minor units. */
export async function ledgerByOrder(tx: Tx, orderIds?: string[]) {
  let query = tx
    .selectFrom('ledger_entries')
    .select(['order_id', 'operation', 'account', 'amount_minor', 'gateway_id'])
    .orderBy('id');
  if (orderIds) query = query.where('order_id', 'in', orderIds.length > 0 ? orderIds : ['']);
  const sums = new Map<string, LedgerSums>();
  for (const entry of await query.execute()) {
    const { account, operation, amount_minor: amount } = entry;
    const sum = sums.get(entry.order_id) ?? { ...nothing };
    sum.balance += amount;
    if (account === 'gateway' && operation === 'charge') sum.chargedMinor += amount;
    if (account === 'gateway' && operation.startsWith('refund')) sum.refundedMinor -= amount;
    if (account === 'disputes') sum.disputedMinor += amount;
    if (account === 'revenue') sum.earnedMinor -= amount;
    sums.set(entry.order_id, sum);
  }
  return sums;
}

export const nothing = { chargedMinor: 0, refundedMinor: 0, disputedMinor: 0, earnedMinor: 0, balance: 0 };
export type LedgerSums = typeof nothing;
