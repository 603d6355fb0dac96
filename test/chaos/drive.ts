import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OrderView } from '../../src/contract/api.js';
import type { ResolveAction } from '../../src/domain/attention.js';
import { fulfillmentReference, refundWorkflowId } from '../../src/domain/identity.js';
import { isFinal } from '../../src/domain/lifecycle.js';
import type { Life } from './plan.js';
import type { Stack } from './stack.js';

type Wish = Pick<Life, 'end' | 'unpaid'>;

/** Which of the allowed decisions brings an order to its end. */
function decisionOf(allowed: string[], { end, unpaid }: Wish): string {
  const may = (action: ResolveAction): boolean => allowed.includes(action);
  if (end === 'cancel' && may('cancel')) return 'cancel';
  if (may('rebook')) return 'rebook';
  if (may('keep_shipping')) return 'cancel';
  if (may('declare_lost')) return 'refund';
  if (may('settle_outside') && unpaid === 'settle_outside') return 'settle_outside';
  return allowed[0] ?? 'wait';
}

/** Brings one order to its end, as people and the partner would; answers why it has not come to one. */
export async function driveToEnd(
  stack: Stack,
  orderId: string,
  wish: Wish,
  patienceMs = 90_000,
): Promise<string | undefined> {
  const until = Date.now() + patienceMs;
  for (;;) {
    const order = await stack.direct.order(orderId);
    if (isFinal(order.status) && !order.needsAttention && !(await isRefundOpen(stack, order)))
      return undefined;
    if (order.needsAttention?.reason === 'does_not_reconcile' && !(await isRefundedByHand(stack, orderId)))
      return `I7: ${orderId}: ${order.status}, and it does not reconcile`;
    if (Date.now() > until) {
      const call = order.needsAttention ? `, needs attention: ${order.needsAttention.reason}` : '';
      const refund = order.refund ? `, refund ${order.refund.status}` : '';
      return `I6: ${orderId}: never came to an end: ${order.status}${call}${refund}`;
    }
    await oneStep(stack, order, wish);
    await sleep(300);
  }
}

/** The one thing that a person may acknowledge: findings.ts says whether there is more behind it. */
async function isRefundedByHand({ observed }: Stack, orderId: string): Promise<boolean> {
  const books = await observed.sandbox.books(orderId);
  return books.some(({ refunds }) => refunds.some(({ byHand }) => byHand));
}

/** A refund that the bank still thinks about; the sandbox is the bank. */
async function isRefundOpen({ observed }: Stack, { orderId, status, refund }: OrderView): Promise<boolean> {
  // Of a completed order one made by hand may be known, from a look at its dispute; nobody watches that.
  if (status === 'completed') return false;
  if (refund?.status !== 'pending' && refund?.status !== 'requires_action') return false;
  if (refund.gatewayId)
    await observed.sandbox.refundStatus(refund.gatewayId, 'succeeded').catch(() => undefined);
  await observed.temporal.workflow
    .getHandle(refundWorkflowId(orderId))
    .signal('refundChanged', { eventId: randomUUID() })
    .catch(() => undefined);
  return true;
}

async function oneStep({ direct, supervisor, observed }: Stack, order: OrderView, wish: Wish): Promise<void> {
  const { orderId, status, needsAttention, fulfillment } = order;
  const command = (kind: string) => direct.command(orderId, kind);
  if (needsAttention) {
    const action = decisionOf(needsAttention.allowedActions, wish);
    const proof = action === 'settle_outside' ? 'proof-of-payment' : undefined;
    const { body } = await direct.resolve(orderId, action, proof);
    if (body.answer === 'pending_approval') await supervisor.resolve(orderId, action, proof);
  }
  switch (status) {
    case 'awaiting_release': {
      const started = wish.end === 'deliver' && (await command('start-fulfillment'));
      if (!started || started.status >= 400) await command('cancel');
      return;
    }
    case 'awaiting_pickup':
      return void (await command(wish.end === 'deliver' ? 'item-picked' : 'cancel'));
    case 'in_transit':
      return void (await command('confirm-delivery'));
    case 'delivery_exception':
      if (wish.end === 'deliver') await command('confirm-delivery');
      return;
    case 'fulfillment_requested':
    case 'cancellation_requested': {
      const reference = fulfillmentReference(orderId, fulfillment?.attempt ?? 1);
      const [shipment] = await observed.sandbox.shipments(reference);
      const answers: Record<string, string> = { submitted: 'accepted', cancellation_requested: 'cancelled' };
      const answer = answers[shipment?.status ?? ''];
      if (answer) await observed.sandbox.answer(orderId, answer, fulfillment?.attempt ?? 1);
      return;
    }
    case 'payment_pending':
    case 'reserving':
    case 'returning':
    case 'cancelling':
    case 'completed':
    case 'cancelled':
    case 'rejected':
  }
}
