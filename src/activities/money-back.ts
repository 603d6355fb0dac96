import { Context } from '@temporalio/activity';
import { recordDisputes } from '../db/disputes.js';
import { post } from '../db/ledger.js';
import { markCharged } from '../db/payments.js';
import { anotherKey, dropUnasked, openRefund, recordRefund, settledOutside } from '../db/refunds.js';
import type { MoneyState } from '../domain/attention.js';
import { formatMoney } from '../domain/money.js';
import { PartnerConflict, PartnerDoubt } from '../integrations/errors.js';
import type { GatewayDispute, GatewayRefund, Intent } from '../integrations/payment-gateway.js';
import type { Deps } from './deps.js';

type Needs = Pick<Deps, 'db' | 'gateway'>;
type Asked = { orderId: string; at: number; intent: Intent };

/** The ways in which money goes back to a customer: what we refund, there or another way, and what the customer's bank takes. */
interface MoneyBack {
  refunds: GatewayRefund[];
  disputes: GatewayDispute[];
  /** Paid outside the gateway, with a person's proof. */
  outsideMinor: number;
}

const live = (refund: GatewayRefund): boolean => refund.status !== 'failed' && refund.status !== 'canceled';
const sum = (parts: { amountMinor: number }[]): number =>
  parts.reduce((total, part) => total + part.amountMinor, 0);

/** Of a charge, what has not gone back. A dispute that is open or lost has taken its part: never refunded as well. */
function left(chargedMinor: number, { disputes, outsideMinor }: MoneyBack, refunds: GatewayRefund[]): number {
  const taken = sum(disputes.filter(({ status }) => status !== 'won'));
  return chargedMinor - sum(refunds) - taken - outsideMinor;
}

/** What is still to be refunded. */
const restOf = (back: MoneyBack, chargedMinor: number): number =>
  left(chargedMinor, back, back.refunds.filter(live));

/** What has not arrived, though it may be on its way. */
const missingOf = (back: MoneyBack, chargedMinor: number): number =>
  left(
    chargedMinor,
    back,
    back.refunds.filter(({ status }) => status === 'succeeded'),
  );

/** What a person who has paid another way has paid: what nobody has asked for, else what does not arrive. */
export function toSettle(back: MoneyBack, chargedMinor: number): number {
  const rest = restOf(back, chargedMinor);
  return rest > 0 ? rest : missingOf(back, chargedMinor);
}

/** `undone`: the order has been cancelled, so that all of its money belongs to the customer. */
export function stateOf(back: MoneyBack, chargedMinor: number, undone: boolean): MoneyState {
  const { refunds, disputes } = back;
  if (chargedMinor === 0) return 'none';
  if (disputes.some(({ status }) => status === 'open')) return 'disputed';
  if (!undone) return disputes.some(({ status }) => status === 'lost') ? 'dispute_lost' : 'none';
  if (restOf(back, chargedMinor) > 0) return refunds.every(live) ? 'owed' : 'failed';
  if (missingOf(back, chargedMinor) > 0)
    return refunds.some(({ status }) => status === 'requires_action') ? 'requires_action' : 'pending';
  if (refunds.some(({ status }) => status === 'pending' || status === 'requires_action'))
    return 'settled_and_moving';
  return back.outsideMinor > 0 ? 'settled_outside' : 'succeeded';
}

/** Writes down what was charged, also when it landed after the order had been given up. */
async function takeOverCharge({ db }: Needs, { orderId, at, intent }: Asked): Promise<void> {
  const { id: gatewayId, chargedMinor: amountMinor, currency } = intent;
  await db.transaction().execute(async (tx) => {
    await markCharged(tx, orderId, at);
    await post(tx, { orderId, operation: 'charge', gatewayId, amountMinor, currency, at });
  });
}

/** Reads at the gateway what became of the money that `intent` has charged, and writes it down. */
export async function takeOver(deps: Needs, asked: Asked): Promise<MoneyBack> {
  const { db, gateway } = deps;
  const { orderId, at, intent } = asked;
  await takeOverCharge(deps, asked);
  const refunds = await gateway.listRefunds(intent.id);
  const disputes = await gateway.listDisputes(intent.id);
  return db.transaction().execute(async (tx) => {
    for (const refund of refunds.toReversed()) await recordRefund(tx, orderId, refund, at);
    await recordDisputes(tx, orderId, disputes, at);
    const back = { refunds, disputes, outsideMinor: await settledOutside(tx, orderId) };
    if (restOf(back, intent.chargedMinor) <= 0) await dropUnasked(tx, orderId);
    return back;
  });
}

/** Asks for what is not refunded yet. `charge_already_refunded` is an answer to look at, not a failure. */
async function refundRest({ db, gateway }: Needs, asked: Asked, restMinor: number): Promise<void> {
  const { orderId, at, intent } = asked;
  const now = Context.current().info.currentAttemptScheduledTimestampMs;
  const wish = { orderId, amountMinor: restMinor, currency: intent.currency, at, now };
  const { id: refundId, key } = await db.transaction().execute((tx) => openRefund(tx, wish));
  try {
    await gateway.createRefund({ key, intentId: intent.id, refundId, amountMinor: restMinor });
  } catch (error) {
    // A fresh key before there was an answer could refund twice: the gateway's lists may lag behind.
    if (error instanceof PartnerDoubt && !error.kept) throw error;
    await anotherKey(db, refundId, now);
    if (!(error instanceof PartnerConflict)) throw error;
  }
}

/** Lists first, asks for the rest, lists again: the answer is always what the gateway's own lists say. */
export async function bringRefundsUpToDate(
  deps: Needs,
  asked: Asked,
): Promise<{ state: MoneyState; detail: string }> {
  const charged = asked.intent.chargedMinor;
  let back = await takeOver(deps, asked);
  const rest = restOf(back, charged);
  if (rest > 0) {
    await refundRest(deps, asked, rest);
    back = await takeOver(deps, asked);
  }
  const parts = [
    ...back.refunds.filter(live).map((refund) => `${formatMoney(refund)} as ${refund.gatewayId}`),
    ...back.disputes
      .filter(({ status }) => status !== 'won')
      .map((dispute) => `${formatMoney(dispute)} taken by the customer's bank in ${dispute.gatewayId}`),
  ];
  return { state: stateOf(back, charged, true), detail: parts.join(', ') };
}
