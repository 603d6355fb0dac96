import { formatMoney } from '../../domain/money.js';
import type { Finding, FindingKind } from '../../domain/reconciliation.js';
import { isUnsettled, moneyByCharge, moneyOf, settledOutside } from '../../db/reconciliation-money.js';
import { orderStates } from '../../db/reconciliation-facts.js';
import type { GatewayRefund, Intent } from '../../integrations/payment-gateway.js';
import type { Deps } from '../deps.js';
import { isRefundWatched } from './workflow-look.js';

type See = Pick<Deps, 'db' | 'gateway' | 'workflows'>;

const total = (refunds: GatewayRefund[], statuses: string[]): number =>
  refunds.filter((r) => statuses.includes(r.status)).reduce((sum, r) => sum + r.amountMinor, 0);
const paidOut = ['succeeded'];
const onItsWay = ['succeeded', 'pending', 'requires_action'];

const nothing = { chargedMinor: 0, currency: '' } as Intent;

/** Compares one order's charge and refunds at the gateway with our ledger, to the minor unit. */
export async function lookAtMoney(see: See, orderId: string): Promise<Finding[]> {
  const { db, gateway } = see;
  const ours = await moneyOf(db, orderId);
  if (!ours) return [];
  const { amount, currency, gatewayId, status } = ours;
  const intent = gatewayId ? await gateway.retrieveIntent(gatewayId) : nothing;
  const refunds = gatewayId && intent.chargedMinor > 0 ? await gateway.listRefunds(gatewayId) : [];
  const outside = await settledOutside(db, orderId);
  const undone = status === 'cancelled' || status === 'rejected';
  const money = (amountMinor: number): string => formatMoney({ amountMinor, currency });
  const found: Finding[] = [];
  const finding = (kind: FindingKind, detail: string): void =>
    void found.push({ kind, subject: orderId, orderId, detail });

  const charged = intent.chargedMinor;
  if (charged > 0 && (charged !== amount || intent.currency !== currency)) {
    const theirs = formatMoney({ amountMinor: charged, currency: intent.currency });
    finding(
      'charge_differs',
      `${gatewayId} has charged ${theirs} (${intent.currency}), the order is ${money(amount)} (${currency})`,
    );
  }
  // Until then the order's own workflow is about to write what the gateway knows already.
  const settled = status !== 'payment_pending' && status !== 'cancelling';
  const refunded = total(refunds, paidOut) + outside;
  if (ours.balance !== 0) finding('ledger_differs', `entries without a counterpart: ${money(ours.balance)}`);
  else if (settled && (ours.charged !== charged || ours.refunded !== refunded)) {
    finding(
      'ledger_differs',
      `ledger: ${money(ours.charged)} charged, ${money(ours.refunded)} refunded; ` +
        `gateway: ${money(charged)} charged, ${money(refunded)} refunded`,
    );
  }
  const watched = undone && (await isRefundWatched(see, orderId));
  const kept = charged - total(refunds, onItsWay) - outside;
  if (undone && kept > 0 && !watched)
    finding('charge_kept', `${status}; ${money(kept)} of ${gatewayId} is not refunded`);
  else if (undone && !watched && (await isUnsettled(db, orderId)))
    finding('refund_unwatched', `${status}; its refund is neither settled nor watched`);
  return found;
}

/** A charge that no order of ours names; undefined order: the gateway does not say one that we know. */
export async function lookAtCharge({ db, gateway }: See, intentId: string): Promise<Finding[]> {
  const intent = await gateway.retrieveIntent(intentId);
  if (intent.chargedMinor === 0 || (await moneyByCharge(db, [intentId])).length > 0) return [];
  const left = intent.chargedMinor - total(await gateway.listRefunds(intentId), onItsWay);
  if (left <= 0) return [];
  const [order] = intent.orderId ? await orderStates(db, [intent.orderId]) : [];
  const money = formatMoney({ amountMinor: left, currency: intent.currency });
  const finding = { subject: intentId, detail: `${intentId} holds ${money}` };
  return order
    ? [{ ...finding, kind: 'second_charge', orderId: order.id }]
    : [{ ...finding, kind: 'charge_without_order', orderId: null }];
}
