import { patched } from '@temporalio/workflow';
import { failures } from '../domain/failures.js';
import { DAY } from '../domain/deadline.js';
import type { AttentionReason } from '../domain/attention.js';
import { finalFailure, steps, patient } from './activity-proxies.js';
import { patiently } from './patience.js';
import type { Phase, Trip, TripEvent } from './trip.js';

/** Once a person has been called, the order looks up again after this long. */
export const LATER = 30 * DAY;

export async function callPerson({ book }: Trip, reason: AttentionReason): Promise<void> {
  if (book.call !== reason) await book.callPerson(reason, book.order.policy.partnerSilenceMs);
}

/** Signs that the item has left: a person's word, or any scan after pickup. */
export function isPickup(event: TripEvent): boolean {
  if (event.kind === 'picked') return true;
  if (event.kind !== 'partner' || event.event.kind !== 'tracking') return false;
  return event.event.status !== 'pre_transit' && event.event.status !== 'cancelled';
}

/** A physical fact that wins over whatever was asked for: the units are consumed, the item is in transit. */
export async function pickedUp(trip: Trip, event: TripEvent): Promise<Phase> {
  const eventAt = event.kind === 'partner' ? event.event.at : trip.book.now();
  await steps.recordPickup({ ...trip.book.stamp(), attempt: trip.attempt, eventAt });
  trip.book.moved('in_transit');
  await trip.book.closeCall('picked up');
  trip.heardAt = trip.book.now();
  trip.scannedAt = event.kind === 'partner' ? eventAt : 0;
  if (event.kind === 'partner' && event.event.status !== 'in_transit') trip.again(event);
  return 'transit';
}

/** Books again under a new attempt; the old one's events no longer count. */
export async function rebook(trip: Trip): Promise<boolean> {
  const wish = { ...trip.book.stamp(2), attempt: trip.attempt + 1 };
  try {
    const created = await steps.createFulfillmentOrder(wish);
    trip.attempt = created.attempt;
    trip.accepted = created.status === 'accepted';
  } catch (error) {
    if (finalFailure(error) !== failures.fulfillmentImpossible) throw error;
    trip.attempt += 1;
    return false;
  }
  trip.reminders = 0;
  trip.failedAttempts = 0;
  trip.book.moved(trip.accepted ? 'awaiting_pickup' : 'fulfillment_requested');
  return true;
}

/** The partner has been asked to take the order, and answers, refuses or stays silent. */
export async function acceptance(trip: Trip): Promise<Phase> {
  const { partnerSilenceMs } = trip.book.order.policy;
  if (trip.accepted) return 'pickup';
  let until = trip.book.now() + partnerSilenceMs;
  for (;;) {
    const event = await trip.next(until);
    if (!event) {
      if (!trip.book.call) await callPerson(trip, 'partner_silent');
      until = trip.book.now() + LATER;
    } else if (isPickup(event)) {
      return pickedUp(trip, event);
    } else if (event.kind === 'partner' && event.event.kind === 'accepted') {
      await steps.recordAcceptance({ ...trip.book.stamp(), attempt: trip.attempt });
      trip.accepted = true;
      trip.book.moved('awaiting_pickup');
      await trip.book.closeCall('accepted');
      return 'pickup';
    } else if (event.kind === 'partner' && event.event.kind === 'rejected') {
      await steps.recordRejection({ ...trip.book.stamp(), attempt: trip.attempt });
      await callPerson(trip, 'partner_rejected');
      until = trip.book.now() + LATER;
    } else if (event.kind === 'cancel') {
      trip.cancel = event.request;
      return 'cancellation';
    } else if (event.kind === 'resolve') {
      const next = await resolveBooking(trip, event);
      if (next) return next;
      until = trip.book.now() + partnerSilenceMs;
    }
  }
}

async function resolveBooking(
  trip: Trip,
  { resolution, answer }: Extract<TripEvent, { kind: 'resolve' }>,
): Promise<Phase | undefined> {
  const { action, by } = resolution;
  if (action === 'cancel') {
    trip.cancel = { reason: 'merchant', by };
    answer({ done: true, message: 'The order is being cancelled.' });
    return 'cancellation';
  }
  if (action === 'rebook') {
    if (!(await rebook(trip))) {
      answer({ done: false, message: 'The partner refuses this order for good: cancel it.' });
      return undefined;
    }
    await trip.book.closeCall(action, by.id);
    answer({ done: true, message: 'Booked again.' });
    return 'acceptance';
  }
  await trip.book.closeCall(action, by.id);
  answer({ done: true, message: 'Waiting on.' });
  return undefined;
}

/** Reminders to the partner, less and less often, until the item is picked up. */
export async function pickup(trip: Trip): Promise<Phase> {
  const { policy, deadlineAt } = trip.book.order;
  let wait = policy.pickupReminderMs;
  let remindAt = trip.book.now() + wait;
  let promiseAt = trip.book.now() > deadlineAt ? Infinity : deadlineAt + 1;
  for (;;) {
    // Decided before the wait: the clock after local activities may differ by milliseconds when a history is replayed.
    const promiseFirst = promiseAt <= remindAt;
    const event = await trip.next(promiseFirst ? promiseAt : remindAt);
    if (!event && promiseFirst) {
      promiseAt = Infinity;
      await callPerson(trip, 'ship_by_missed');
    } else if (!event) {
      await remind(trip);
      wait = Math.min(Math.round(wait * policy.reminderGrowth), policy.reminderCapMs);
      remindAt = trip.book.now() + wait;
    } else {
      const next = await duringPickup(trip, event);
      if (next) return next;
    }
  }
}

async function remind(trip: Trip): Promise<void> {
  const { policy, orderId } = trip.book.order;
  trip.reminders += 1;
  await steps.sendPickupReminder({ orderId, attempt: trip.attempt, n: trip.reminders });
  if (trip.reminders >= policy.remindersBeforeAttention && !trip.book.call)
    await callPerson(trip, 'pickup_overdue');
}

async function duringPickup(trip: Trip, event: TripEvent): Promise<Phase | undefined> {
  if (isPickup(event)) return pickedUp(trip, event);
  if (event.kind === 'cancel') {
    trip.cancel = event.request;
    return 'cancellation';
  }
  if (event.kind === 'resolve') return resolveBooking(trip, event);
  // The partner takes its acceptance back.
  if (event.kind === 'partner' && (event.event.kind === 'rejected' || event.event.kind === 'cancelled')) {
    trip.accepted = false;
    trip.again({ kind: 'partner', event: { ...event.event, kind: 'rejected' } });
    return 'acceptance';
  }
  return undefined;
}

/** The partner is asked to stop the item; its answer, a pickup scan or a person decides. */
export async function cancellation(trip: Trip): Promise<Phase> {
  const { partnerSilenceMs } = trip.book.order.policy;
  const ask = { ...trip.book.stamp(), attempt: trip.attempt };
  trip.book.moved('cancellation_requested');
  await trip.book.closeCall('a cancel is asked of the partner');
  const answer = await patiently(() => patient.requestCancellation(ask), {
    // A partner who is down must not keep a scan or a person's decision waiting.
    stop: () => trip.hears(decidesCancellation),
    alarmMs: partnerSilenceMs,
    alarm: () => callPerson(trip, 'cancel_unanswered'),
  });
  if (answer === 'cancelled') return cancelled(trip);
  if (answer === 'refused') return goOn(trip);
  let until = trip.book.now() + partnerSilenceMs;
  for (;;) {
    const event = await trip.next(until);
    if (!event) {
      await callPerson(trip, 'cancel_unanswered');
      until = trip.book.now() + LATER;
    } else if (isPickup(event)) {
      return pickedUp(trip, event);
    } else if (event.kind === 'partner') {
      if (event.event.kind === 'cancelled' || event.event.kind === 'rejected') return cancelled(trip);
      if (event.event.kind === 'cancel_rejected') return goOn(trip);
      if (event.event.kind === 'accepted') trip.accepted = true;
    } else if (event.kind === 'resolve' && !isAboutCancel(event)) {
      event.answer({ done: false, message: 'A cancel is asked of the partner: its answer is waited for.' });
    } else if (event.kind === 'resolve') {
      const { action, by } = event.resolution;
      await trip.book.closeCall(action, by.id);
      event.answer({ done: true, message: `Decided: ${action}.` });
      if (action === 'cancel') return cancelled(trip, by.id);
      // Waiting on: the partner is asked again.
      return action === 'keep_shipping' ? goOn(trip) : 'cancellation';
    }
  }
}

/** A decision about what was called for before may still wait when the cancel comes: it does not decide this one. */
const isAboutCancel = ({ resolution: { reason } }: Extract<TripEvent, { kind: 'resolve' }>): boolean =>
  reason === undefined || reason === 'cancel_unanswered';

function decidesCancellation(event: TripEvent): boolean {
  if (isPickup(event)) return true;
  if (event.kind === 'resolve') return isAboutCancel(event);
  return event.kind === 'partner' && ['cancelled', 'rejected', 'cancel_rejected'].includes(event.event.kind);
}

/** `decidedBy`: a person, without the partner's word. */
async function cancelled(trip: Trip, decidedBy?: string): Promise<Phase> {
  const fact = { ...trip.book.stamp(), attempt: trip.attempt };
  await steps.recordPartnerCancelled(decidedBy ? { ...fact, decidedBy } : fact);
  await trip.book.closeCall('cancelled');
  // Somebody was told meanwhile that it is on its way; of the two words, that one must not be shipped and refunded.
  if (trip.hears(isPickup) && patched('pickup-beats-cancelled')) {
    const picked = trip.take(isPickup);
    if (picked) return pickedUp(trip, picked);
  }
  trip.reason = trip.cancel?.reason ?? 'merchant';
  return 'end';
}

async function goOn(trip: Trip): Promise<Phase> {
  await steps.recordCancelRefused({ ...trip.book.stamp(), attempt: trip.attempt, accepted: trip.accepted });
  await trip.book.closeCall('the partner could not stop the item');
  trip.cancel = undefined;
  trip.book.moved(trip.accepted ? 'awaiting_pickup' : 'fulfillment_requested');
  return trip.accepted ? 'pickup' : 'acceptance';
}
