import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OrderView } from '../../src/contract/api.js';
import { fulfillmentReference, refundWorkflowId } from '../../src/domain/identity.js';
import { isFinal } from '../../src/domain/lifecycle.js';
import type { Life } from './plan.js';
import type { Stack } from './stack.js';

/** Which of the allowed decisions brings an order to an end. */
const decisions: Record<string, string> = {
  rebook: 'rebook',
  keep_shipping: 'cancel',
  declare_lost: 'refund',
  settle_outside: 'settle_outside',
};

/** Brings one order to its end, as people and the partner would; answers why it has not come to one. */
export async function driveToEnd(
  stack: Stack,
  orderId: string,
  end: Life['end'],
  patienceMs = 90_000,
): Promise<string | undefined> {
  const until = Date.now() + patienceMs;
  for (;;) {
    const order = await stack.direct.order(orderId);
    if (isFinal(order.status) && !order.needsAttention && !(await isRefundOpen(stack, order)))
      return undefined;
    if (Date.now() > until) {
      const call = order.needsAttention ? `, needs attention: ${order.needsAttention.reason}` : '';
      const refund = order.refund ? `, refund ${order.refund.status}` : '';
      return `I6: ${orderId}: never came to an end: ${order.status}${call}${refund}`;
    }
    await oneStep(stack, order, end);
    await sleep(300);
  }
}

/** A refund that the bank still thinks about; the sandbox is the bank. */
async function isRefundOpen({ observed }: Stack, { orderId, refund }: OrderView): Promise<boolean> {
  if (refund?.status !== 'pending' && refund?.status !== 'requires_action') return false;
  if (refund.gatewayId)
    await observed.sandbox.refundStatus(refund.gatewayId, 'succeeded').catch(() => undefined);
  await observed.temporal.workflow
    .getHandle(refundWorkflowId(orderId))
    .signal('refundChanged', { eventId: randomUUID() })
    .catch(() => undefined);
  return true;
}

async function oneStep(
  { direct, supervisor, observed }: Stack,
  order: OrderView,
  end: Life['end'],
): Promise<void> {
  const { orderId, status, needsAttention, fulfillment } = order;
  const command = (kind: string) => direct.command(orderId, kind);
  if (needsAttention) {
    const { allowedActions } = needsAttention;
    const last = end === 'cancel' && allowedActions.includes('cancel') ? 'cancel' : undefined;
    const action =
      last ?? allowedActions.map((each) => decisions[each]).find((each) => each !== undefined) ?? 'wait';
    const known = allowedActions.includes(action) ? action : (allowedActions[0] ?? 'wait');
    const proof = known === 'settle_outside' ? 'proof-of-payment' : undefined;
    const { body } = await direct.resolve(orderId, known, proof);
    if (body.answer === 'pending_approval') await supervisor.resolve(orderId, known, proof);
  }
  switch (status) {
    case 'awaiting_release': {
      const started = end === 'deliver' && (await command('start-fulfillment'));
      if (!started || started.status >= 400) await command('cancel');
      return;
    }
    case 'awaiting_pickup':
      return void (await command(end === 'deliver' ? 'item-picked' : 'cancel'));
    case 'in_transit':
      return void (await command('confirm-delivery'));
    case 'delivery_exception':
      if (end === 'deliver') await command('confirm-delivery');
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
