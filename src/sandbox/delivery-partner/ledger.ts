import { randomInt } from 'node:crypto';
import type { CreateShipmentRequest, Shipment, Tracker } from '../../contract/delivery-partner.js';
import { newId } from '../ids.js';
import type { Store } from '../store.js';
import { PartnerRefusal } from './errors.js';

export const answers = ['accepted', 'rejected', 'cancelled', 'cancel_rejected'] as const;
export type PartnerAnswer = (typeof answers)[number];

/** A shipment with its tracker and what only the partner knows. */
export interface Consignment {
  shipment: Shipment;
  tracker: Tracker;
  reminders: number;
  /** When the last reminder came, ISO 8601. */
  remindedAt?: string;
  pickedUp: boolean;
  /** An answer the partner will give by itself, at a time in epoch milliseconds. */
  due?: { answer: PartnerAnswer; at: number };
}

export type Ledger = ReturnType<typeof createLedger>;

export function createLedger(store: Store) {
  const consignments = store.collection<Consignment>('consignments');
  const idOf = new Map<string, string>();

  function index({ shipment, tracker }: Consignment): void {
    idOf.set(shipment.reference, shipment.id);
    idOf.set(tracker.id, shipment.id);
  }
  for (const consignment of consignments.values()) index(consignment);

  /** By shipment id, tracker id or reference. */
  const find = (key: string): Consignment | undefined => consignments.get(idOf.get(key) ?? key);

  return {
    find,
    get(key: string): Consignment {
      const consignment = find(key);
      if (!consignment) throw new PartnerRefusal(404, 'notFound', `No shipment ${key}`);
      return consignment;
    },
    save(consignment: Consignment): Consignment {
      consignments.put(consignment.shipment.id, consignment);
      index(consignment);
      return consignment;
    },
    all: (): Consignment[] => [...consignments.values()],
  };
}

export function newConsignment({ shipment: { reference } }: CreateShipmentRequest): Consignment {
  const [id, trackerId, now] = [newId('shp'), newId('trk'), new Date().toISOString()];
  return {
    shipment: {
      id,
      reference,
      status: 'submitted',
      tracking_code: null,
      tracker: { id: trackerId, status: 'unknown' },
      created_at: now,
      messages: [],
    },
    tracker: {
      id: trackerId,
      shipment_id: id,
      reference,
      tracking_code: null,
      status: 'unknown',
      status_detail: 'unknown',
      updated_at: now,
      tracking_details: [],
    },
    reminders: 0,
    pickedUp: false,
  };
}

export const newTrackingCode = (): string => `EZ${randomInt(1_000_000_000, 9_999_999_999)}`;
