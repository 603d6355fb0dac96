import {
  atRest,
  awaitingPickup,
  called,
  deliveryRuns,
  inTransit,
  placed,
  started,
  startedWith,
  terminateDelivery,
} from '../support/flows.js';
import type { PlaceOptions } from '../support/caller.js';
import { atGateway } from '../support/reconciling.js';
import type { World } from '../support/world.js';

async function cancelled(world: World, paymentMethod = 'pm_card_visa'): Promise<string> {
  const id = await placed(world, { paymentMethod });
  await world.command(id, 'cancel');
  await world.untilStatus(id, 'cancelled');
  return id;
}

const fault = (world: World, target: string, operation: string, match?: string) =>
  world.sandbox.fault({ target, operation, kind: 'error_500', ...(match ? { match } : {}) });

const rejected = async (world: World): Promise<string> =>
  (await world.place({ paymentMethod: 'pm_card_chargeDeclined' })).body.orderId;

async function disputed(world: World): Promise<{ id: string; dispute: string }> {
  const id = await placed(world);
  const dispute = await world.sandbox.dispute(id);
  await called(world, id, 'disputed');
  return { id, dispute: dispute.id };
}

async function undoFailing(world: World, options: PlaceOptions = {}): Promise<string> {
  const id = await placed(world, options);
  const [book] = await world.sandbox.books(id);
  await fault(world, 'payment-gateway', 'list_refunds', book?.paymentIntent);
  await world.command(id, 'cancel');
  await world.untilStatus(id, 'cancelling');
  return id;
}

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
  cancelling: (world) => undoFailing(world),
  undo_failing: async (world) => {
    // An alarm that comes soon: each retry until then is really made.
    const id = await undoFailing(world, { sku: await world.addProduct({ policy: { undoAlarm: '5s' } }) });
    await atRest(world, `order-${id}`);
    await world.fastForward(id, { by: '6s' });
    await called(world, id, 'undo_failing');
    return id;
  },
  delivery_failing: async (world) => {
    const id = await awaitingPickup(world);
    for (const _ of [1, 2]) {
      await terminateDelivery(world, id);
      await world.fastForward(id, { by: '3m' });
      await deliveryRuns(world, id);
    }
    await terminateDelivery(world, id);
    await called(world, id, 'delivery_failing');
    return id;
  },
  disputed: async (world) => (await disputed(world)).id,
  dispute_lost: async (world) => {
    const { id, dispute } = await disputed(world);
    await world.sandbox.decideDispute(dispute, 'lost');
    await called(world, id, 'dispute_lost');
    return id;
  },
  refund_owed: async (world) => {
    const { id, dispute } = await disputed(world);
    await world.command(id, 'cancel');
    await world.untilStatus(id, 'cancelled');
    await world.sandbox.decideDispute(dispute, 'won');
    await called(world, id, 'refund_owed');
    return id;
  },
  late_charge: async (world) => {
    const id = await rejected(world);
    const [book] = await world.sandbox.books(id);
    await atGateway(world, `/payment_intents/${book?.paymentIntent}/confirm`, {
      payment_method: 'pm_card_visa',
    });
    await world.until(id, (o) => o.refund?.status === 'succeeded');
    return id;
  },
  rejected,
  // The last one, because it hits whoever is charged next.
  payment_pending: async (world) => {
    await fault(world, 'payment-gateway', 'create_payment_intent');
    const { id } = await world.placing();
    await world.until(id, (o) => o.payment.status === 'unknown');
    return id;
  },
};
