import type {
  CreateShipmentRequest,
  PartnerEvent,
  ReminderReply,
  Shipment,
  Tracker,
  TrackerStatus,
} from '../../contract/delivery-partner.js';
import { newId } from '../ids.js';
import type { Store } from '../store.js';
import type { Webhooks } from '../webhooks.js';
import { answered, eventOf } from './answers.js';
import { PartnerRefusal } from './errors.js';
import { newConsignment, type Consignment, type Ledger, type PartnerAnswer } from './ledger.js';
import type { Modes } from './modes.js';

/** Seen by a scanner outside our door: from here on nothing can be called back. */
const afterPickup: readonly TrackerStatus[] = [
  'in_transit',
  'out_for_delivery',
  'available_for_pickup',
  'delivered',
  'return_to_sender',
];
const atTheEnd: readonly TrackerStatus[] = ['delivered', 'return_to_sender'];

export type Shipments = ReturnType<typeof createShipments>;

export function createShipments(deps: { store: Store; ledger: Ledger; modes: Modes; webhooks: Webhooks }) {
  const { store, ledger, modes, webhooks } = deps;
  const timers = new Set<NodeJS.Timeout>();

  function announce(description: PartnerEvent['description'], result: Shipment | Tracker): void {
    const id = newId('evt');
    const event = { id, object: 'Event', description, created_at: new Date().toISOString(), result };
    const body = JSON.stringify(event);
    webhooks.emit({ id, sender: 'delivery', about: result.reference, type: description, body });
  }

  function create(request: CreateShipmentRequest): Shipment {
    const { reference, to_address } = request.shipment;
    const existing = ledger.find(reference)?.shipment;
    if (existing) {
      const message = `The reference ${reference} is taken`;
      throw new PartnerRefusal(409, 'referenceTaken', message, existing.id);
    }
    if (to_address.country === 'XX' || to_address.zip === '00000') {
      throw new PartnerRefusal(422, 'undeliverable', 'No carrier delivers to this address.');
    }
    const consignment = ledger.save(newConsignment(request));
    const { acceptance, answerAfterMs } = modes.for(reference);
    if (acceptance === 'now') return answer(consignment, 'accepted');
    if (acceptance === 'reject') return answer(consignment, 'rejected');
    if (acceptance === 'later') return answerLater(consignment, 'accepted', answerAfterMs);
    return consignment.shipment;
  }

  function cancel(consignment: Consignment): Shipment {
    const { shipment } = consignment;
    if (shipment.status === 'cancelled' || shipment.status === 'cancellation_requested') return shipment;
    if (consignment.pickedUp)
      throw new PartnerRefusal(409, 'alreadyPickedUp', 'The carrier has picked it up.');
    if (shipment.status === 'rejected') {
      throw new PartnerRefusal(409, 'alreadyRejected', 'This shipment was never accepted.');
    }
    const { cancellation, answerAfterMs } = modes.for(shipment.reference);
    if (cancellation === 'now') return answer(consignment, 'cancelled');
    if (cancellation === 'reject') {
      throw new PartnerRefusal(409, 'cancellationRejected', 'The carrier refuses to cancel this shipment.');
    }
    // An acceptance that was still due is overtaken by the request to cancel.
    const { due: _, ...rest } = consignment;
    const asked = { ...rest, shipment: { ...shipment, status: 'cancellation_requested' as const } };
    if (cancellation === 'later') return answerLater(asked, 'cancelled', answerAfterMs);
    return ledger.save(asked).shipment;
  }

  function answer(consignment: Consignment, given: PartnerAnswer): Shipment {
    if (consignment.shipment.status === 'cancelled' && given !== 'cancelled')
      throw new PartnerRefusal(409, 'alreadyCancelled', 'It went back to the shelf: that is the last word.');
    const { shipment } = ledger.save(answered(consignment, given));
    announce(eventOf[given], shipment);
    return shipment;
  }

  function answerLater(consignment: Consignment, given: PartnerAnswer, afterMs: number): Shipment {
    const waiting = ledger.save({ ...consignment, due: { answer: given, at: Date.now() + afterMs } });
    wait(waiting, afterMs);
    return waiting.shipment;
  }

  function wait({ shipment: { id }, due }: Consignment, ms: number): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      const now = ledger.find(id);
      if (!due || !now?.due || now.due.at !== due.at) return;
      answer(now, due.answer === 'cancelled' && now.pickedUp ? 'cancel_rejected' : due.answer);
      store.commit();
    }, ms);
    timers.add(timer);
  }

  for (const consignment of ledger.all()) {
    if (consignment.due) wait(consignment, Math.max(0, consignment.due.at - Date.now()));
  }

  return {
    create,
    cancel,
    answer,
    remind(consignment: Consignment): ReminderReply {
      const { shipment, reminders } = ledger.save({
        ...consignment,
        reminders: consignment.reminders + 1,
        remindedAt: new Date().toISOString(),
      });
      return { id: shipment.id, reference: shipment.reference, reminders };
    },
    /** A scan. Carriers repeat themselves and mix up the order, so anything goes. */
    move(consignment: Consignment, status: TrackerStatus, detail: string | undefined): Tracker {
      const { tracker } = ledger.save(moved(consignment, status, detail));
      announce('tracker.updated', tracker);
      return tracker;
    },
    close: (): void => timers.forEach((timer) => clearTimeout(timer)),
  };
}

function moved(consignment: Consignment, status: TrackerStatus, detail: string | undefined): Consignment {
  const datetime = new Date().toISOString();
  const status_detail = detail ?? status;
  const { shipment, tracker } = consignment;
  const scan = { status, message: status_detail, datetime };
  const ended = atTheEnd.includes(status) && shipment.status === 'accepted';
  return {
    ...consignment,
    pickedUp: consignment.pickedUp || afterPickup.includes(status),
    shipment: {
      ...shipment,
      status: ended ? 'closed' : shipment.status,
      tracker: { ...shipment.tracker, status },
    },
    tracker: {
      ...tracker,
      status,
      status_detail,
      updated_at: datetime,
      tracking_details: [...tracker.tracking_details, scan],
    },
  };
}
