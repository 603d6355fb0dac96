import { Context } from '@temporalio/activity';
import { refundKey } from '../domain/identity.js';
import { formatMoney } from '../domain/money.js';
import { raiseAttention, closeAttention } from '../db/attention.js';
import { openRefund, recordRefund, refundsOf, settleOutside } from '../db/refunds.js';
import { tell } from '../db/outbox.js';
import { paymentOf } from '../db/payments.js';
import { PartnerConflict } from '../integrations/errors.js';
import type { GatewayRefund, Intent } from '../integrations/payment-gateway.js';
import type { Deps } from './deps.js';

export type RefundState = 'none' | 'pending' | 'requires_action' | 'succeeded' | 'failed' | 'settled_outside';

const live = (refund: GatewayRefund): boolean => refund.status !== 'failed' && refund.status !== 'canceled';
const sum = (refunds: GatewayRefund[]): number =>
  refunds.reduce((total, refund) => total + refund.amountMinor, 0);

function stateOf(refunds: GatewayRefund[], chargedMinor: number): RefundState {
  const open = refunds.filter(live);
  if (chargedMinor === 0) return 'none';
  if (sum(open) < chargedMinor) return 'failed';
  if (open.some((refund) => refund.status === 'requires_action')) return 'requires_action';
  return open.some((refund) => refund.status === 'pending') ? 'pending' : 'succeeded';
}

type Asked = { orderId: string; at: number; intent: Intent };

/** Asks for what is not refunded yet. `charge_already_refunded` is an answer to look at, not a failure. */
async function refundRest({ db, gateway }: Pick<Deps, 'db' | 'gateway'>, asked: Asked, restMinor: number) {
  const { orderId, at, intent } = asked;
  const row = await openRefund(db, { orderId, amountMinor: restMinor, currency: intent.currency, at });
  const { attempt } = Context.current().info;
  try {
    await gateway.createRefund({
      key: refundKey(orderId, row.n, attempt),
      intentId: intent.id,
      refundId: row.id,
      amountMinor: restMinor,
    });
  } catch (error) {
    if (!(error instanceof PartnerConflict)) throw error;
  }
}

async function takeOver({ db, gateway }: Pick<Deps, 'db' | 'gateway'>, { orderId, at, intent }: Asked) {
  const refunds = await gateway.listRefunds(intent.id);
  await db.transaction().execute(async (tx) => {
    for (const refund of refunds.toReversed()) await recordRefund(tx, orderId, refund, at);
  });
  return refunds;
}

/** Lists first, asks for the rest, lists again: the answer is always what the gateway's own list says. */
export async function bringRefundsUpToDate(
  deps: Pick<Deps, 'db' | 'gateway'>,
  asked: Asked,
): Promise<{ state: RefundState; detail: string }> {
  let refunds = await takeOver(deps, asked);
  const rest = asked.intent.chargedMinor - sum(refunds.filter(live));
  if (rest > 0) {
    await refundRest(deps, asked, rest);
    refunds = await takeOver(deps, asked);
  }
  const ids = refunds.filter(live).map((refund) => `${formatMoney(refund)} as ${refund.gatewayId}`);
  return { state: stateOf(refunds, asked.intent.chargedMinor), detail: ids.join(', ') };
}

export function createRefundActivities({ db, gateway }: Deps) {
  async function intentOf(orderId: string): Promise<Intent | undefined> {
    const payment = await paymentOf(db, orderId);
    return payment?.gateway_id ? gateway.retrieveIntent(payment.gateway_id) : undefined;
  }

  /** Reads the refunds of an order at the gateway and takes over what they say. */
  async function checkRefund({ orderId, at }: { orderId: string; at: number }): Promise<RefundState> {
    const rows = await refundsOf(db, orderId);
    if (rows.at(-1)?.status === 'settled_outside') return 'settled_outside';
    const intent = await intentOf(orderId);
    if (!intent || intent.chargedMinor === 0) return 'none';
    const refunds = await takeOver({ db, gateway }, { orderId, at, intent });
    const state = stateOf(refunds, intent.chargedMinor);
    if (state === 'succeeded') await closeRefundCalls(orderId, 'succeeded', at);
    return state;
  }

  /** Asks again for money that did not arrive. */
  async function retryRefund({ orderId, at }: { orderId: string; at: number }): Promise<RefundState> {
    const intent = await intentOf(orderId);
    if (!intent || intent.chargedMinor === 0) return 'none';
    return (await bringRefundsUpToDate({ db, gateway }, { orderId, at, intent })).state;
  }

  async function closeRefundCalls(
    orderId: string,
    resolution: string,
    at: number,
    by = 'gateway',
  ): Promise<void> {
    for (const reason of ['refund_failed', 'refund_requires_action'] as const) {
      await closeAttention(db, orderId, { reason, resolution, by, at });
    }
  }

  async function callForRefund(call: {
    orderId: string;
    reason: 'refund_failed' | 'refund_requires_action';
    at: number;
    dueAt: number;
  }): Promise<void> {
    await db.transaction().execute(async (tx) => {
      await raiseAttention(tx, { ...call, since: call.at });
      if (call.reason === 'refund_failed') await tell(tx, call.orderId, 'refund_failed', {}, `:${call.at}`);
    });
  }

  async function settleRefundOutside(end: {
    orderId: string;
    reference: string;
    by: string;
    at: number;
  }): Promise<void> {
    await db.transaction().execute(async (tx) => settleOutside(tx, end.orderId, end.reference, end.at));
    await closeRefundCalls(end.orderId, 'settled_outside', end.at, end.by);
  }

  return { checkRefund, retryRefund, callForRefund, settleRefundOutside };
}
