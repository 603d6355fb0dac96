import type { Tx } from '../db/database.js';
import type { UndoStart } from '../db/compensation-log.js';
import { fulfillmentOf, nameShipment, openFulfillment, setFulfillment } from '../db/fulfillment.js';
import { lockedOrder, moveOrder, noteCancelRequest, orderRow } from '../db/orders.js';
import { unitsBack } from '../db/stock.js';
import type { Shipment } from '../contract/delivery-partner.js';
import { failures } from '../domain/failures.js';
import { fulfillmentReference } from '../domain/identity.js';
import { isUndone } from '../domain/lifecycle.js';
import type { FulfillmentOrder, Stamp } from '../domain/order.js';
import { PartnerConflict, PartnerRefusal } from '../integrations/errors.js';
import type { Deps } from './deps.js';
import { forGood } from './failing.js';
import { logged, type UndoEnd } from './undo-log.js';

type Wish = Stamp & { attempt: number };

export function createFulfillmentActivities({ db, partner }: Deps) {
  async function book({ orderId, attempt }: Wish): Promise<Shipment> {
    const order = await orderRow(db, orderId);
    if (!order) throw new Error(`no order ${orderId}`);
    const reference = fulfillmentReference(orderId, attempt);
    const { street, city, zip, country } = order.address;
    try {
      return await partner.createShipment({
        shipment: {
          reference,
          to_address: { name: order.customer_name, street1: street, city, zip, country },
          parcel: { sku: order.sku, quantity: order.quantity },
        },
      });
    } catch (error) {
      // The reference is taken: an earlier call got through and its reply was lost.
      const earlier = error instanceof PartnerConflict ? await partner.findByReference(reference) : undefined;
      if (earlier) return earlier;
      throw error;
    }
  }

  /** Says the partner's code and not its words, which may quote an address. */
  async function impossible({ orderId, attempt, at }: Wish, error: PartnerRefusal): Promise<never> {
    await setFulfillment(db, orderId, attempt, { status: 'rejected' }, at);
    throw forGood(failures.fulfillmentImpossible, 'the delivery partner refuses this order', error.code);
  }

  /** Takes an earlier booking back, as far as the partner lets us: one order is never booked twice. */
  async function withdraw(orderId: string, attempt: number, at: number): Promise<void> {
    const earlier = await fulfillmentOf(db, orderId, attempt);
    if (!earlier?.partner_id || !['submitted', 'accepted'].includes(earlier.status)) return;
    try {
      const { status } = await partner.cancelShipment(earlier.partner_id);
      await setFulfillment(db, orderId, attempt, { status }, at);
    } catch (error) {
      if (!(error instanceof PartnerConflict)) throw error;
      await setFulfillment(db, orderId, attempt, { status: 'closed' }, at);
    }
  }

  /** Written before the partner is called. An order that is being undone, by whichever task, is not booked any more. */
  async function begin(tx: Tx, wish: Wish): Promise<void> {
    const before = await lockedOrder(tx, wish.orderId);
    if (!before || isUndone(before.status))
      throw forGood(failures.fulfillmentImpossible, 'the order was given up meanwhile');
    await openFulfillment(tx, wish.orderId, wish.attempt, wish.at);
    const moved = await moveOrder(tx, wish, 'fulfillment_requested');
    if (moved && before.status === 'returning') await unitsBack(tx, wish.orderId, before.quantity);
  }

  /**
   * Creates the fulfillment order at the delivery partner, once per attempt, under a reference of ours. Uses the
   * stamp's version for `fulfillment_requested` and the next one for `awaiting_pickup` when the partner accepts at
   * once. Throws FulfillmentImpossible when the partner can never take it.
   */
  async function createFulfillmentOrder(wish: Wish): Promise<FulfillmentOrder> {
    const { orderId, attempt, at } = wish;
    await db.transaction().execute((tx) => begin(tx, wish));
    if (attempt > 1) await withdraw(orderId, attempt - 1, at);
    const shipment = await book(wish).catch((error: unknown) => {
      if (error instanceof PartnerRefusal) return impossible(wish, error);
      throw error;
    });
    const row = await fulfillmentOf(db, orderId, attempt);
    if (row?.status === 'cancelled' || (row?.status === 'cancellation_requested' && !row.partner_id)) {
      await partner.cancelShipment(shipment.id);
      throw forGood(failures.fulfillmentImpossible, 'the fulfillment order was cancelled meanwhile');
    }
    return named(wish, shipment);
  }

  /** Writes down what the partner has; the order's row as createFulfillmentOrder says. */
  async function named(wish: Wish, shipment: Shipment): Promise<FulfillmentOrder> {
    const { orderId, attempt, at } = wish;
    const status =
      shipment.status === 'accepted' || shipment.status === 'rejected' ? shipment.status : 'submitted';
    await db.transaction().execute(async (tx) => {
      const facts = { status, partner_id: shipment.id, tracking_code: shipment.tracking_code } as const;
      // Another attempt may have named it, and the delivery have gone on from there.
      await nameShipment(tx, orderId, attempt, facts, at);
      if (status === 'accepted')
        await moveOrder(tx, { ...wish, version: wish.version + 1 }, 'awaiting_pickup');
    });
    return { attempt, status };
  }

  /**
   * What became of a booking that nobody waits for any more, with createFulfillmentOrder's wish. Undefined: the partner
   * does not have it, and should it land later, it is taken back.
   */
  async function findFulfillmentOrder(wish: Wish): Promise<FulfillmentOrder | undefined> {
    const { orderId, attempt, at } = wish;
    const row = await fulfillmentOf(db, orderId, attempt);
    if (!row || row.status === 'cancelled') return undefined;
    await noteCancelRequest(db, orderId, at);
    // A fence against a booking that is still on its way.
    if (!row.partner_id) await setFulfillment(db, orderId, attempt, { status: 'cancellation_requested' }, at);
    const shipment = await partner.findByReference(fulfillmentReference(orderId, attempt));
    if (!shipment || shipment.status === 'cancelled') return undefined;
    if (!row.partner_id) await setFulfillment(db, orderId, attempt, { status: 'submitted' }, at);
    return named(wish, shipment);
  }

  /** The undo: the partner gives the item back to the shelf, unless it has left. */
  async function cancelFulfillmentOrder(undo: UndoStart): Promise<UndoEnd> {
    const { orderId, at } = undo;
    return logged(db, undo, async () => {
      const row = await fulfillmentOf(db, orderId);
      if (!row)
        return { end: { outcome: 'nothing_to_cancel', detail: 'no fulfillment order had been created' } };
      const done = (end: UndoEnd, status: 'cancelled' | 'closed') => ({
        end,
        record: (tx: Parameters<typeof setFulfillment>[0]) =>
          setFulfillment(tx, orderId, row.attempt, { status }, at),
      });
      if (row.status === 'cancelled') {
        return { end: { outcome: 'cancelled', detail: 'the partner had cancelled it already' } };
      }
      if (row.status === 'closed') {
        return { end: { outcome: 'not_confirmed', detail: 'a person decided without the partner’s word' } };
      }
      // A fence against a booking that is still on its way, and not yet the fact that it is cancelled.
      await setFulfillment(db, orderId, row.attempt, { status: 'cancellation_requested' }, at);
      const reference = fulfillmentReference(orderId, row.attempt);
      const shipment = await partner.findByReference(reference);
      if (!shipment)
        return done(
          { outcome: 'nothing_to_cancel', detail: 'the partner has no such shipment' },
          'cancelled',
        );
      if (shipment.status === 'rejected') {
        return done({ outcome: 'nothing_to_cancel', detail: 'the partner had rejected it' }, 'cancelled');
      }
      try {
        const cancelled = await partner.cancelShipment(shipment.id);
        if (cancelled.status !== 'cancelled')
          throw new Error(`the partner's answer is still ${cancelled.status}`);
        return done({ outcome: 'cancelled', detail: `shipment ${shipment.id} was cancelled` }, 'cancelled');
      } catch (error) {
        if (!(error instanceof PartnerConflict)) throw error;
        return done({ outcome: 'not_cancellable', detail: error.message }, 'closed');
      }
    });
  }

  return { createFulfillmentOrder, findFulfillmentOrder, cancelFulfillmentOrder };
}
