import type { OrderStatus } from '../../domain/lifecycle.js';
import { formatMoney, type Money } from '../../domain/money.js';
import type { Finding, FindingKind } from '../../domain/reconciliation.js';
import { moneyByCharge, moneyOf, type MoneyFacts } from '../../db/reconciliation-money.js';
import { orderStates } from '../../db/reconciliation-facts.js';
import { settledOutside } from '../../db/refunds.js';
import type { GatewayDispute, GatewayRefund } from '../../integrations/payment-gateway.js';
import type { Deps } from '../deps.js';
import { isRefundWatched } from './workflow-look.js';

type See = Pick<Deps, 'db' | 'gateway' | 'workflows'>;

const sum = (parts: { amountMinor: number }[]): number =>
  parts.reduce((all, part) => all + part.amountMinor, 0);
const total = (refunds: GatewayRefund[], statuses: string[]): number =>
  sum(refunds.filter((refund) => statuses.includes(refund.status)));
const moving = ['pending', 'requires_action'];
const onItsWay = ['succeeded', ...moving];

/** A dispute that is open or lost has taken its part: it is never refunded as well. */
const takenBack = (disputes: GatewayDispute[]): number =>
  sum(disputes.filter(({ status }) => status !== 'won'));

interface Books {
  charged: number;
  refunded: number;
  disputed: number;
}

/** The gateway's own books of one charge; `kept`: what has not gone back to the customer, nor is on its way. */
async function gatewayBooks({ gateway }: See, gatewayId: string | null, outside: number) {
  const intent = gatewayId ? await gateway.retrieveIntent(gatewayId) : undefined;
  const charged = intent?.chargedMinor ?? 0;
  const refunds = gatewayId && charged > 0 ? await gateway.listRefunds(gatewayId) : [];
  const disputes = gatewayId && charged > 0 ? await gateway.listDisputes(gatewayId) : [];
  const disputed = takenBack(disputes);
  return {
    charged,
    refunded: total(refunds, ['succeeded']) + outside,
    disputed,
    currency: intent?.currency ?? '',
    moving: total(refunds, moving),
    kept: charged - total(refunds, onItsWay) - disputed - outside,
  };
}

type GatewayBooks = Awaited<ReturnType<typeof gatewayBooks>>;

const still = ({ charged, refunded, disputed }: Books): number => charged - refunded - disputed;

/** What the gateway keeps of the order; undefined while both tell the same sums. */
function differing(ours: MoneyFacts, theirs: GatewayBooks): Money | undefined {
  const { currency } = ours;
  const isForeign = theirs.charged > 0 && theirs.currency !== currency;
  const isSame =
    theirs.charged === ours.charged && theirs.refunded === ours.refunded && theirs.disputed === ours.disputed;
  if (!isSettled(ours.status) || (isSame && !isForeign)) return undefined;
  return { amountMinor: isForeign ? 0 : still(theirs), currency };
}

/** The same for whoever has compared something else of the order. */
export async function differingAtGateway(see: See, ours: MoneyFacts): Promise<Money | undefined> {
  return differing(ours, await gatewayBooks(see, ours.gatewayId, await settledOutside(see.db, ours.orderId)));
}

/** Compares one order's charge and refunds at the gateway with our ledger, to the minor unit. */
export async function lookAtMoney(see: See, orderId: string): Promise<Finding[]> {
  const ours = await moneyOf(see.db, orderId);
  if (!ours) return [];
  const { amount, currency, gatewayId, status } = ours;
  const theirs = await gatewayBooks(see, gatewayId, await settledOutside(see.db, orderId));
  const money = (amountMinor: number): string => formatMoney({ amountMinor, currency });
  const told = ({ charged, refunded, disputed }: Books): string =>
    `${money(charged)} charged, ${money(refunded)} refunded` +
    (disputed === 0 ? '' : `, ${money(disputed)} disputed`);
  const atGateway = differing(ours, theirs);
  const found: Finding[] = [];
  const finding = (kind: FindingKind, detail: string): void =>
    void found.push({ kind, subject: orderId, orderId, detail, ...(atGateway ? { atGateway } : {}) });

  if (theirs.charged > 0 && (theirs.charged !== amount || theirs.currency !== currency)) {
    const said = formatMoney({ amountMinor: theirs.charged, currency: theirs.currency });
    finding(
      'charge_differs',
      `${gatewayId} has charged ${said} (${theirs.currency}), the order is ${money(amount)} (${currency})`,
    );
  }
  if (ours.balance !== 0) finding('ledger_differs', `entries without a counterpart: ${money(ours.balance)}`);
  else if (isSettled(status) && told(ours) !== told(theirs))
    finding('ledger_differs', `ledger: ${told(ours)}; gateway: ${told(theirs)}`);

  if (theirs.refunded > theirs.charged)
    finding('refunded_twice', `${told(theirs)}: ask for ${money(theirs.refunded - theirs.charged)} back`);

  const undone = status === 'cancelled' || status === 'rejected';
  if (!undone || (theirs.kept <= 0 && theirs.moving === 0) || (await isRefundWatched(see, orderId)))
    return found;
  if (theirs.kept > 0)
    finding('charge_kept', `${status}; ${money(theirs.kept)} of ${gatewayId} is not refunded`);
  else finding('refund_unwatched', `${status}; its refund is neither settled nor watched`);
  return found;
}

/** Else the order's own workflow is about to write what the gateway knows already. */
export const isSettled = (status: OrderStatus): boolean =>
  status !== 'payment_pending' && status !== 'cancelling';

/** A charge that no order of ours names; undefined order: the gateway does not say one that we know. */
export async function lookAtCharge({ db, gateway }: See, intentId: string): Promise<Finding[]> {
  const intent = await gateway.retrieveIntent(intentId);
  if (intent.chargedMinor === 0 || (await moneyByCharge(db, [intentId])).length > 0) return [];
  const disputed = takenBack(await gateway.listDisputes(intentId));
  const left = intent.chargedMinor - total(await gateway.listRefunds(intentId), onItsWay) - disputed;
  if (left <= 0) return [];
  const [order] = intent.orderId ? await orderStates(db, [intent.orderId]) : [];
  const atGateway = { amountMinor: left, currency: intent.currency };
  const finding = { subject: intentId, detail: `${intentId} holds ${formatMoney(atGateway)}`, atGateway };
  return order
    ? [{ ...finding, kind: 'second_charge', orderId: order.id }]
    : [{ ...finding, kind: 'charge_without_order', orderId: null }];
}
