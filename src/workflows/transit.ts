import { patched } from '@temporalio/workflow';
import { reshipRefused } from '../domain/cancel.js';
import type { ShipmentStatus } from '../domain/lifecycle.js';
import type { TrackingEvent } from '../domain/order.js';
import { steps } from './activity-proxies.js';
import { callPerson, LATER, rebook } from './booking.js';
import type { Phase, Trip, TripEvent } from './trip.js';

/** On its way: scans are told, silence and failures call a person. */
export async function transit(trip: Trip): Promise<Phase> {
  const { policy } = trip.book.order;
  for (;;) {
    const event = await trip.next(trip.heardAt + policy.transitSilenceMs);
    if (!event) return troubled(trip, 'transit_silent');
    if (event.kind === 'delivered') return delivered(trip, trip.book.now());
    if (event.kind === 'resolve') event.answer({ done: false, message: 'Nothing needs attention any more.' });
    // It was answered in the phase before, and overtaken by a scan or by a person's decision.
    if (event.kind === 'cancel' && patched('cancel-noted-in-transit')) await noteCancel(trip, event);
    if (event.kind !== 'partner') continue;
    const next = await scanned(trip, event.event);
    if (next) return next;
  }
}

async function scanned(trip: Trip, { status, detail, at }: TrackingEvent): Promise<Phase | undefined> {
  if (!status) return undefined;
  if (status === 'delivered') return delivered(trip, at);
  // Late news change nothing: what is older than the newest scan, or was said before pickup.
  if (at < trip.scannedAt || status === 'pre_transit' || status === 'cancelled') return undefined;
  trip.scannedAt = at;
  trip.heardAt = trip.book.now();
  if (status === 'return_to_sender') return sentBack(trip, at);
  if (status === 'failure') {
    trip.failedAttempts += 1;
    const lasting = detail === 'damaged' || detail === 'lost';
    if (lasting || trip.failedAttempts >= trip.book.order.policy.failedAttemptsBeforeAttention) {
      return troubled(trip, 'delivery_failed', status, at);
    }
  }
  await steps.recordTracking({
    orderId: trip.book.order.orderId,
    at: trip.book.now(),
    attempt: trip.attempt,
    status,
    eventAt: at,
  });
  return undefined;
}

async function delivered(trip: Trip, eventAt: number): Promise<Phase> {
  await steps.recordDelivery({ ...trip.book.stamp(), attempt: trip.attempt, eventAt });
  trip.book.moved('completed');
  await trip.book.closeCall('delivered');
  return 'end';
}

async function troubled(
  trip: Trip,
  reason: 'transit_silent' | 'delivery_failed',
  shipment?: ShipmentStatus,
  eventAt = trip.book.now(),
): Promise<Phase> {
  await move(trip, 'delivery_exception', eventAt, shipment);
  await callPerson(trip, reason);
  return 'exception';
}

async function sentBack(trip: Trip, eventAt: number): Promise<Phase> {
  await move(trip, 'returning', eventAt, 'return_to_sender');
  await trip.book.closeCall('sent back');
  await callPerson(trip, 'returned');
  return 'returning';
}

async function move(
  trip: Trip,
  to: 'delivery_exception' | 'returning' | 'in_transit',
  eventAt: number,
  shipment?: ShipmentStatus,
): Promise<void> {
  const fact = { ...trip.book.stamp(), attempt: trip.attempt, to, eventAt };
  await steps.recordTransit(shipment ? { ...fact, shipment } : fact);
  trip.book.moved(to);
}

/** A person decides; a scan that shows the item moving, back or delivered decides by itself. */
export async function exception(trip: Trip): Promise<Phase> {
  for (;;) {
    const event = await trip.next(trip.book.now() + LATER);
    if (!event) continue;
    if (event.kind === 'delivered') return delivered(trip, trip.book.now());
    if (event.kind === 'cancel') await noteCancel(trip, event);
    if (event.kind === 'resolve') {
      const next = await decided(trip, event);
      if (next) return next;
    }
    if (event.kind === 'partner') {
      const { status, at } = event.event;
      if (status === 'delivered') return delivered(trip, at);
      if (status === 'return_to_sender') return sentBack(trip, at);
      if (status && !['failure', 'pre_transit', 'cancelled'].includes(status) && at >= trip.scannedAt)
        return moving(trip, at, status);
    }
  }
}

async function moving(trip: Trip, eventAt: number, status?: ShipmentStatus): Promise<Phase> {
  await move(trip, 'in_transit', eventAt, status);
  await trip.book.closeCall('moving again');
  trip.heardAt = trip.book.now();
  return 'transit';
}

async function noteCancel(trip: Trip, { request }: Extract<TripEvent, { kind: 'cancel' }>): Promise<void> {
  trip.cancel ??= request;
  await steps.noteCancel({ orderId: trip.book.order.orderId, at: trip.book.now() });
}

async function decided(
  trip: Trip,
  { resolution, answer }: Extract<TripEvent, { kind: 'resolve' }>,
): Promise<Phase | undefined> {
  const { action, by } = resolution;
  // Noted meanwhile, or after the question was asked.
  if (action === 'reship' && trip.cancel && patched('no-reship-after-cancel')) {
    answer({ done: false, message: reshipRefused });
    return undefined;
  }
  if (action === 'reship') return reship(trip, { resolution, answer, kind: 'resolve' });
  await trip.book.closeCall(action, by.id);
  answer({ done: true, message: `Decided: ${action}.` });
  if (action === 'wait') return moving(trip, trip.book.now());
  trip.reason = action === 'declare_lost' ? 'lost' : (trip.cancel?.reason ?? 'undeliverable');
  return 'end';
}

async function reship(
  trip: Trip,
  { resolution, answer }: Extract<TripEvent, { kind: 'resolve' }>,
): Promise<Phase | undefined> {
  const { orderId } = trip.book.order;
  const replaced =
    trip.phase === 'returning' ||
    (await steps.reserveReplacement({ orderId, attempt: trip.attempt + 1, at: trip.book.now() }));
  if (!replaced) {
    answer({ done: false, message: 'No unit is left to ship again: refund instead.' });
    return undefined;
  }
  if (!(await rebook(trip))) {
    answer({ done: false, message: 'The partner refuses to ship again: refund instead.' });
    return undefined;
  }
  await trip.book.closeCall('reship', resolution.by.id);
  answer({ done: true, message: 'A new shipment has been booked.' });
  return 'acceptance';
}

/** Back to the shelf: refund, or ship again, once a person has it in hand. */
export async function returning(trip: Trip): Promise<Phase> {
  for (;;) {
    const event = await trip.next(trip.book.now() + LATER);
    if (event?.kind === 'cancel') await noteCancel(trip, event);
    if (event?.kind === 'partner' && event.event.status === 'delivered')
      return delivered(trip, event.event.at);
    if (event?.kind === 'resolve') {
      const next = await decided(trip, event);
      if (next) return next;
    }
  }
}
