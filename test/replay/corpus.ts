import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runsOf } from '../support/facts.js';
import { atRest, awaitingPickup, called, inTransit, placed, started, startedWith } from '../support/flows.js';
import type { World } from '../support/world.js';
import { fromJsonHistory, toJsonHistory } from './history-json.js';

/** A line of the corpus: one history of a workflow that was in this state when it was recorded. */
export interface Recorded {
  state: string;
  workflowId: string;
  history: unknown;
}

/** From before payloads were encrypted, kept for good; and from since, encrypted with the key of the tests. */
export const corpora = ['histories.jsonl', 'encrypted.jsonl'];
const pathOf = (file: string): string => join(import.meta.dirname, file);

export function readCorpus(file: string): Recorded[] {
  if (!existsSync(pathOf(file))) return [];
  const lines = readFileSync(pathOf(file), 'utf8').trim().split('\n');
  return lines.map((line) => {
    const recorded = JSON.parse(line) as Recorded;
    return { ...recorded, history: fromJsonHistory(recorded.history) };
  });
}

async function cancelled(world: World, paymentMethod = 'pm_card_visa'): Promise<string> {
  const id = await placed(world, { paymentMethod });
  await world.command(id, 'cancel');
  await world.untilStatus(id, 'cancelled');
  return id;
}

const fault = (world: World, target: string, operation: string, match?: string) =>
  world.sandbox.fault({ target, operation, kind: 'error_500', ...(match ? { match } : {}) });

/** The way to every state that an order can wait in or end in. */
export const states: Record<string, (world: World) => Promise<string>> = {
  awaiting_release: placed,
  fulfillment_requested: (world) => startedWith(world, { acceptance: 'silent' }),
  partner_rejected: async (world) => {
    const id = await startedWith(world, { acceptance: 'reject' });
    await called(world, id, 'partner_rejected');
    return id;
  },
  partner_down: async (world) => {
    const id = await placed(world);
    await fault(world, 'delivery-partner', 'create_shipment', id);
    await world.command(id, 'start-fulfillment');
    await world.untilStatus(id, 'fulfillment_requested');
    return id;
  },
  awaiting_pickup: async (world) => {
    const id = await awaitingPickup(world);
    await world.fastForward(id, { by: '5d' });
    await called(world, id, 'pickup_overdue');
    return id;
  },
  cancellation_requested: async (world) => {
    const id = await startedWith(world, { cancellation: 'silent' });
    await world.untilStatus(id, 'awaiting_pickup');
    await world.command(id, 'cancel');
    await world.untilStatus(id, 'cancellation_requested');
    return id;
  },
  in_transit: async (world) => {
    const id = await inTransit(world);
    await world.sandbox.scan(id, 'out_for_delivery');
    await world.until(id, (o) => o.shipment?.status === 'out_for_delivery');
    return id;
  },
  delivery_exception: async (world) => {
    const id = await inTransit(world);
    await world.sandbox.scan(id, 'failure', 'damaged');
    await called(world, id, 'delivery_failed');
    return id;
  },
  returning: async (world) => {
    const id = await inTransit(world);
    await world.sandbox.scan(id, 'return_to_sender');
    await called(world, id, 'returned');
    return id;
  },
  reshipped: async (world) => {
    const id = await inTransit(world);
    await world.sandbox.scan(id, 'failure', 'damaged');
    await called(world, id, 'delivery_failed');
    await world.resolve(id, 'reship');
    await world.untilStatus(id, 'awaiting_pickup');
    return id;
  },
  completed: async (world) => {
    const id = await inTransit(world);
    await world.command(id, 'confirm-delivery');
    await world.untilStatus(id, 'completed');
    return id;
  },
  cancelled: (world) => cancelled(world),
  refund_pending: (world) => cancelled(world, 'pm_card_pendingRefund'),
  refund_failed: async (world) => {
    const id = await cancelled(world, 'pm_card_pendingRefund');
    const refund = (await world.sandbox.books(id))[0]?.refunds[0];
    await world.sandbox.refundStatus(refund?.id ?? '', 'failed');
    await called(world, id, 'refund_failed');
    return id;
  },
  deadline_passed: async (world) => {
    const id = await placed(world);
    await world.fastForward(id, { to: 'deadline' });
    await world.untilStatus(id, 'cancelled');
    return id;
  },
  cancelled_with_partner: async (world) => {
    const id = await started(world);
    await world.command(id, 'cancel');
    await world.untilStatus(id, 'cancelled');
    return id;
  },
  fulfillment_failed: async (world) => {
    const id = await placed(world, { zip: '00000' });
    await world.command(id, 'start-fulfillment');
    await world.untilStatus(id, 'cancelled');
    return id;
  },
  cancelling: async (world) => {
    const id = await placed(world);
    const [book] = await world.sandbox.books(id);
    await fault(world, 'payment-gateway', 'list_refunds', book?.paymentIntent);
    await world.command(id, 'cancel');
    await world.untilStatus(id, 'cancelling');
    return id;
  },
  rejected: async (world) => (await world.place({ paymentMethod: 'pm_card_chargeDeclined' })).body.orderId,
  // The last one, because it hits whoever is charged next.
  payment_pending: async (world) => {
    await fault(world, 'payment-gateway', 'create_payment_intent');
    const { id } = await world.placing();
    await world.until(id, (o) => o.payment.status === 'unknown');
    return id;
  },
};

export const stateNames = Object.keys(states);

/** Drives an order to each state and writes down what its workflows have lived through. */
export async function record(world: World): Promise<void> {
  const lines: string[] = [];
  for (const [state, reach] of Object.entries(states)) {
    const id = await reach(world);
    for (const { workflowId, runId } of await runsOf(world)) {
      if (!workflowId.endsWith(id)) continue;
      await atRest(world, workflowId);
      const history = await world.temporal.workflow.getHandle(workflowId, runId).fetchHistory();
      const recorded: Recorded = { state, workflowId, history: toJsonHistory(history) };
      lines.push(JSON.stringify(recorded));
    }
  }
  writeFileSync(pathOf('encrypted.jsonl'), `${lines.join('\n')}\n`);
}
