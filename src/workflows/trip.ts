import { condition, setHandler } from '@temporalio/workflow';
import { notedCancel, pendingPartnerCancel, rejectedInTransit } from '../domain/cancel.js';
import { failures } from '../domain/failures.js';
import type { CancelReason, OrderStatus } from '../domain/lifecycle.js';
import type { Actor, CancelRequest, DeliveryInput, TrackingEvent } from '../domain/order.js';
import { openBook, type Book } from './book.js';
import {
  cancelOrderUpdate,
  cancelRequestedSignal,
  confirmDeliveryUpdate,
  confirmPickupUpdate,
  resolveUpdate,
  shipmentEventSignal,
  snapshotQuery,
  type Resolution,
  type ResolutionAnswer,
} from './messages.js';
import { refuse, resolutionOf } from './order-desk.js';

export type Phase = 'acceptance' | 'pickup' | 'cancellation' | 'transit' | 'exception' | 'returning' | 'end';

/** What a delivery may hear of: partners' facts, people's commands. */
export type TripEvent =
  | { kind: 'partner'; event: TrackingEvent }
  | { kind: 'picked'; by: Actor }
  | { kind: 'delivered'; by: Actor }
  | { kind: 'cancel'; request: CancelRequest }
  | { kind: 'resolve'; resolution: Resolution; answer: (answer: ResolutionAnswer) => void };

/** One delivery under way: its facts, and the queue of what it has heard. */
export interface Trip {
  readonly book: Book;
  phase: Phase;
  attempt: number;
  accepted: boolean;
  reminders: number;
  failedAttempts: number;
  /** Workflow time of the last sign of life, and the partner's time of the newest scan. */
  heardAt: number;
  scannedAt: number;
  cancel: CancelRequest | undefined;
  reason: CancelReason | undefined;
  /** The next event, or undefined when none came before `until` (workflow time, ms). */
  next(until: number): Promise<TripEvent | undefined>;
  hear(event: TripEvent): void;
  /** Whether an event that waits to be taken is so. */
  hears(so: (event: TripEvent) => boolean): boolean;
  /** Takes the first that is so before its turn. */
  take(so: (event: TripEvent) => boolean): TripEvent | undefined;
  /** Puts an event back that belongs to the next phase. */
  again(event: TripEvent): void;
}

export function openTrip(input: DeliveryInput): Trip {
  const { fulfillment, resumed } = input;
  const status =
    resumed?.status ?? (fulfillment.status === 'accepted' ? 'awaiting_pickup' : 'fulfillment_requested');
  const book = openBook(input.order, status, input.version, resumed?.call, input.at);
  const queue: TripEvent[] = [];
  const trip: Trip = {
    book,
    phase: firstPhase(status, input.cancelRequested !== undefined),
    attempt: fulfillment.attempt,
    accepted: status !== 'fulfillment_requested',
    reminders: resumed?.reminders ?? 0,
    failedAttempts: 0,
    heardAt: book.now(),
    scannedAt: 0,
    cancel: input.cancelRequested,
    reason: undefined,
    async next(until) {
      if (queue.length === 0) await condition(() => queue.length > 0, Math.max(1, until - book.now()));
      return queue.shift();
    },
    hear: (event) => queue.push(event),
    hears: (so) => queue.some(so),
    take(so) {
      const found = queue.findIndex(so);
      return found === -1 ? undefined : queue.splice(found, 1)[0];
    },
    again: (event) => queue.unshift(event),
  };
  if (fulfillment.status === 'rejected') {
    const event = { eventId: 'booking', kind: 'rejected', attempt: trip.attempt, at: book.now() } as const;
    queue.push({ kind: 'partner', event });
  }
  listenToPartner(trip, queue);
  listenToPeople(trip, queue);
  return trip;
}

const phaseOf: Partial<Record<OrderStatus, Phase>> = {
  awaiting_pickup: 'pickup',
  cancellation_requested: 'cancellation',
  in_transit: 'transit',
  delivery_exception: 'exception',
  returning: 'returning',
};

function firstPhase(status: OrderStatus, cancelRequested: boolean): Phase {
  const phase = phaseOf[status] ?? 'acceptance';
  return cancelRequested && (phase === 'acceptance' || phase === 'pickup') ? 'cancellation' : phase;
}

/** Partners' facts are taken as they come: late, twice, out of order, of any shape. */
function listenToPartner(trip: Trip, queue: TripEvent[]): void {
  const seen = new Set<string>();
  let answeredAt = 0;
  setHandler(shipmentEventSignal, (event: TrackingEvent | undefined) => {
    if (typeof event?.eventId !== 'string' || seen.has(event.eventId) || event.attempt !== trip.attempt)
      return;
    seen.add(event.eventId);
    // An answer that the partner has changed meanwhile. (Scans are compared where they are taken.)
    if (event.kind !== 'tracking' && event.at < answeredAt) return;
    if (event.kind !== 'tracking') answeredAt = event.at;
    queue.push({ kind: 'partner', event });
  });
  setHandler(cancelRequestedSignal, (request) => void queue.push({ kind: 'cancel', request }));
  setHandler(snapshotQuery, () => ({
    orderId: trip.book.order.orderId,
    status: trip.book.status,
    version: trip.book.version,
    decision: trip.phase,
  }));
}

function listenToPeople(trip: Trip, queue: TripEvent[]): void {
  const only =
    (allowed: Phase[], what: string) =>
    (_command: { by: Actor }): void => {
      if (allowed.includes(trip.phase)) return;
      throw refuse(failures.notAllowed, `${what}; the order is ${trip.book.status}.`);
    };
  setHandler(confirmPickupUpdate, ({ by }) => void queue.push({ kind: 'picked', by }), {
    validator: only(['pickup', 'cancellation'], 'An item can be picked once the partner has accepted it'),
  });
  setHandler(confirmDeliveryUpdate, ({ by }) => void queue.push({ kind: 'delivered', by }), {
    validator: only(
      ['transit', 'exception'],
      'A delivery can be confirmed only after the item was picked up',
    ),
  });
  setHandler(
    cancelOrderUpdate,
    (request) => {
      queue.push({ kind: 'cancel', request });
      if (trip.phase === 'returning') return notedCancel.returning;
      return trip.phase === 'exception' ? notedCancel.delivery_exception : pendingPartnerCancel;
    },
    {
      validator: (_request: CancelRequest) => {
        if (trip.phase === 'transit') throw refuse(failures.notAllowed, rejectedInTransit.message);
        if (trip.phase === 'end') throw refuse(failures.notAllowed, 'The delivery has ended.');
      },
    },
  );
  setHandler(
    resolveUpdate,
    async (resolution) => {
      let answer: ResolutionAnswer | undefined;
      queue.push({ kind: 'resolve', resolution, answer: (given) => (answer = given) });
      await condition(() => answer !== undefined || trip.phase === 'end');
      return answer ?? { done: true, message: 'The delivery has ended.' };
    },
    {
      validator: resolutionOf(() => trip.book.call),
    },
  );
}
