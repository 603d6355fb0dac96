import { setTimeout as sleep } from 'node:timers/promises';
import type { Shop } from './life.js';
import type { Step } from './plan.js';

export type GatewayStep = Extract<Step, { kind: 'dispute' | 'bank' | 'refund-by-hand' }>;

/**
 * What banks and people do at the gateway, without a word to the shop. Often it cannot be: nothing was charged or
 * refunded yet, it is disputed already, the gateway is down.
 */
export async function atGateway(shop: Shop, orderId: string, step: GatewayStep): Promise<void> {
  const { sandbox } = shop;
  const cannotBe = (): undefined => undefined;
  switch (step.kind) {
    case 'dispute': {
      const dispute = await sandbox.dispute(orderId).catch(cannotBe);
      if (!dispute || !step.decision) return;
      await sleep(step.decidedAfterMs);
      await sandbox.decideDispute(dispute.id, step.decision).catch(cannotBe);
      return;
    }
    case 'bank': {
      const books = await sandbox.books(orderId).catch(cannotBe);
      const refund = books?.flatMap(({ refunds }) => refunds).at(-1);
      if (refund) await sandbox.refundStatus(refund.id, step.status).catch(cannotBe);
      return;
    }
    case 'refund-by-hand': {
      const order = await shop.look(orderId);
      if (order) await sandbox.refundByHand(orderId, Math.ceil(order.amount * step.share)).catch(cannotBe);
    }
  }
}
