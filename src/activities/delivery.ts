import { closeAttention, openCallsOf } from '../db/attention.js';
import type { Tx } from '../db/database.js';
import {
  fulfillmentOf,
  openFulfillment,
  setFulfillment,
  setShipment,
  countReminder,
} from '../db/fulfillment.js';
import { post } from '../db/ledger.js';
import { moveOrder, noteCancelRefused, noteCancelRequest, orderRow } from '../db/orders.js';
import { tell } from '../db/outbox.js';
import { paymentOf } from '../db/payments.js';
import { consumeUnits, takeReplacement } from '../db/stock.js';
import { partnerErrorCodes } from '../contract/delivery-partner.js';
import { isAboutOrder } from '../domain/attention.js';
import type { ShipmentStatus } from '../domain/lifecycle.js';
import type { DeliveryInput, Stamp } from '../domain/order.js';
import { PartnerConflict } from '../integrations/errors.js';
import type { Deps } from './deps.js';

type Attempt = Stamp & { attempt: number };
type Scan = Attempt & { eventAt: number };

export function createDeliveryActivities({ db, partner }: Deps) {
  /** A fact that answers whatever was called for, also by a task that was lost (ADR 019). */
  const answered = (tx: Tx, { orderId, at }: Stamp, resolution: string): Promise<void> =>
    closeAttention(tx, orderId, { resolution, by: 'workflow', at });

  /** The partner took the booking. */
  async function recordAcceptance(fact: Attempt): Promise<void> {
    await db.transaction().execute(async (tx) => {
      await setFulfillment(tx, fact.orderId, fact.attempt, { status: 'accepted' }, fact.at);
      await moveOrder(tx, fact, 'awaiting_pickup');
    });
  }

  async function recordRejection({ orderId, attempt, at }: Attempt): Promise<void> {
    await setFulfillment(db, orderId, attempt, { status: 'rejected' }, at);
  }

  /** The item left the warehouse, a physical fact: the units are consumed, whatever was asked for meanwhile. */
  async function recordPickup(fact: Scan): Promise<void> {
    await db.transaction().execute(async (tx) => {
      if (!(await moveOrder(tx, fact, 'in_transit'))) return;
      await consumeUnits(tx, fact.orderId);
      await answered(tx, fact, 'picked up');
      await setFulfillment(tx, fact.orderId, fact.attempt, { status: 'accepted' }, fact.at);
      await setShipment(tx, fact.orderId, fact.attempt, 'in_transit', fact.eventAt);
      await tell(tx, fact.orderId, 'in_transit', {}, `:${fact.attempt}`);
    });
  }

  /** Where the parcel is; the order's own status does not move. */
  async function recordTracking(scan: Omit<Scan, 'version'> & { status: ShipmentStatus }): Promise<void> {
    await setShipment(db, scan.orderId, scan.attempt, scan.status, scan.eventAt);
  }

  /** Delivered: the order is completed and the money earned. */
  async function recordDelivery(fact: Scan): Promise<void> {
    await db.transaction().execute(async (tx) => {
      if (!(await moveOrder(tx, fact, 'completed'))) return;
      await answered(tx, fact, 'delivered');
      await setShipment(tx, fact.orderId, fact.attempt, 'delivered', fact.eventAt);
      await setFulfillment(tx, fact.orderId, fact.attempt, { status: 'closed' }, fact.at);
      const payment = await paymentOf(tx, fact.orderId);
      if (!payment?.gateway_id) throw new Error(`order ${fact.orderId} was delivered and never paid`);
      await post(tx, {
        orderId: fact.orderId,
        operation: 'delivery',
        gatewayId: payment.gateway_id,
        amountMinor: payment.amount_minor,
        currency: payment.currency,
        at: fact.at,
      });
      await tell(tx, fact.orderId, 'delivered');
    });
  }

  /** Lost, silent, damaged, sent back, or moving again. */
  async function recordTransit(
    fact: Scan & { to: 'delivery_exception' | 'returning' | 'in_transit'; shipment?: ShipmentStatus },
  ): Promise<void> {
    await db.transaction().execute(async (tx) => {
      if (!(await moveOrder(tx, fact, fact.to))) return;
      if (fact.shipment) await setShipment(tx, fact.orderId, fact.attempt, fact.shipment, fact.eventAt);
      if (fact.to !== 'in_transit')
        await tell(tx, fact.orderId, 'delivery_exception', { to: fact.to }, `:${fact.version}`);
    });
  }

  /**
   * Asks the partner to stop the item. Uses the stamp's version for `cancellation_requested`.
   * Answers `cancelled`, `pending` (an event will tell) or `refused`.
   */
  async function requestCancellation(ask: Attempt): Promise<'cancelled' | 'pending' | 'refused'> {
    const row = await fulfillmentOf(db, ask.orderId, ask.attempt);
    await db.transaction().execute(async (tx) => {
      if (!(await moveOrder(tx, ask, 'cancellation_requested'))) return;
      await noteCancelRequest(tx, ask.orderId, ask.at);
      await tell(tx, ask.orderId, 'cancel_pending', {}, `:${ask.attempt}`);
    });
    if (!row?.partner_id || row.status === 'rejected') return 'cancelled';
    try {
      const shipment = await partner.cancelShipment(row.partner_id);
      const status = shipment.status === 'cancelled' ? 'cancelled' : 'cancellation_requested';
      await setFulfillment(db, ask.orderId, ask.attempt, { status }, ask.at);
      return status === 'cancelled' ? 'cancelled' : 'pending';
    } catch (error) {
      if (!(error instanceof PartnerConflict)) throw error;
      // Its rejection is on its way to us: there is nothing to stop.
      return error.code === partnerErrorCodes.alreadyRejected ? 'cancelled' : 'refused';
    }
  }

  /** The partner stopped it, or a person decided without the partner's word. */
  async function recordPartnerCancelled(fact: Attempt & { decidedBy?: string }): Promise<void> {
    const status = fact.decidedBy ? 'closed' : 'cancelled';
    await setFulfillment(db, fact.orderId, fact.attempt, { status }, fact.at);
  }

  /** The partner could not stop it: the order goes on and the customer is told that it will ship. */
  async function recordCancelRefused(fact: Attempt & { accepted: boolean }): Promise<void> {
    await db.transaction().execute(async (tx) => {
      await moveOrder(tx, fact, fact.accepted ? 'awaiting_pickup' : 'fulfillment_requested');
      const status = fact.accepted ? 'accepted' : 'submitted';
      await setFulfillment(tx, fact.orderId, fact.attempt, { status }, fact.at);
      await noteCancelRefused(tx, fact.orderId, fact.at);
      await tell(tx, fact.orderId, 'cancel_refused', {}, `:${fact.version}`);
    });
  }

  /** Reminds the partner of a pickup, if it is still to come; the n-th reminder is counted once. */
  async function sendPickupReminder(reminder: {
    orderId: string;
    attempt: number;
    n: number;
  }): Promise<void> {
    const order = await orderRow(db, reminder.orderId);
    // Picked up, by a task that was lost (ADR 019): the workflow has not heard of it yet.
    if (order?.status !== 'awaiting_pickup') return;
    const row = await fulfillmentOf(db, reminder.orderId, reminder.attempt);
    if (row?.partner_id) await partner.remind(row.partner_id);
    await countReminder(db, reminder.orderId, reminder.attempt, reminder.n);
  }

  /** Units for a second shipment of the order. False: none left. A returned item is shipped again as it is. */
  async function reserveReplacement({
    orderId,
    attempt,
    at,
  }: {
    orderId: string;
    attempt: number;
    at: number;
  }): Promise<boolean> {
    return db.transaction().execute(async (tx) => {
      const order = await orderRow(tx, orderId);
      const taken = await fulfillmentOf(tx, orderId, attempt);
      if (taken) return true;
      if (!order || !(await takeReplacement(tx, orderId, order.quantity))) return false;
      // The sign that they are taken, for a second try.
      await openFulfillment(tx, orderId, attempt, at);
      return true;
    });
  }

  async function noteCancel({ orderId, at }: { orderId: string; at: number }): Promise<void> {
    await noteCancelRequest(db, orderId, at);
  }

  /** Where a delivery stands, for the workflow that takes it over from one that was terminated. */
  async function deliveryState({
    orderId,
  }: {
    orderId: string;
  }): Promise<Pick<DeliveryInput, 'fulfillment' | 'version' | 'at' | 'resumed'> & { delivered: boolean }> {
    const order = await orderRow(db, orderId);
    const row = await fulfillmentOf(db, orderId);
    if (!order || !row) throw new Error(`order ${orderId} is in no delivery`);
    // What the order itself has called for, and what became of the money, is not the delivery's to answer.
    const calls = await openCallsOf(db, orderId);
    const call = calls.find(({ reason }) => reason !== 'delivery_failing' && isAboutOrder(reason));
    return {
      delivered: order.status === 'completed',
      fulfillment: { attempt: row.attempt, status: row.status },
      // A late write of the terminated one stays behind.
      version: order.version + 10,
      at: order.written_at ?? order.updated_at,
      resumed: { status: order.status, reminders: row.reminders, ...(call ? { call: call.reason } : {}) },
    };
  }

  return {
    deliveryState,
    recordAcceptance,
    recordRejection,
    recordPickup,
    recordTracking,
    recordDelivery,
    recordTransit,
    requestCancellation,
    recordPartnerCancelled,
    recordCancelRefused,
    sendPickupReminder,
    reserveReplacement,
    noteCancel,
  };
}
