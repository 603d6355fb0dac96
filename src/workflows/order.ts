import {
  allHandlersFinished,
  CancellationScope,
  ChildWorkflowFailure,
  condition,
  ParentClosePolicy,
  patched,
  startChild,
} from '@temporalio/workflow';
import { DAY, isPast, MINUTE } from '../domain/deadline.js';
import { failures } from '../domain/failures.js';
import { deliveryWorkflowId } from '../domain/identity.js';
import type { CancelReason, FinalStatus } from '../domain/lifecycle.js';
import type {
  CancelRequest,
  DeliveryInput,
  DeliveryResult,
  FulfillmentOrder,
  OrderInput,
  OrderResult,
  Stamp,
} from '../domain/order.js';
import { finalFailure, patient, quick, steps } from './activity-proxies.js';
import { openBook, type Book } from './book.js';
import { createCompensation, type Compensation } from './compensation.js';
import { cancelRequestedSignal, deliveryWorkflow } from './messages.js';
import { openDesk, type Decision, type Desk } from './order-desk.js';
import { patiently } from './patience.js';
import { tellStatus } from './search-attributes.js';

const system = { kind: 'system', id: 'order-workflow' } as const;

/** A pre-order, from payment to doorstep. Everything but waiting is shielded from Temporal's own cancellation. */
export async function order(input: OrderInput): Promise<OrderResult> {
  const book = openBook(input, 'payment_pending');
  const desk = openDesk(book);
  CancellationScope.current().cancelRequested.catch(() =>
    desk.requestCancel({ reason: 'merchant', by: system }),
  );
  return CancellationScope.nonCancellable(() => carry(book, desk));
}

async function carry(book: Book, desk: Desk): Promise<OrderResult> {
  const compensation = createCompensation(book);

  compensation.register('refundPayment');
  // The units are held since the order was placed.
  compensation.register('releaseInventory');
  const payment = await takePayment(book, desk);
  if (payment === 'declined') return end(book, 'rejected');
  if (payment === 'stopped') return cancel(book, compensation, reasonOf(desk.latch.decision));

  if (!(await reserveInventory(book))) return cancel(book, compensation, 'reservation_failed');

  const decision = await personOrDeadline(book, desk);
  if (decision.kind === 'cancel') return cancel(book, compensation, decision.reason);

  compensation.register('cancelFulfillmentOrder');
  const fulfillment = await createFulfillmentOrder(book, desk);
  if (fulfillment === 'impossible') return cancel(book, compensation, 'fulfillment_failed');
  if (fulfillment === 'stopped')
    return cancel(book, compensation, desk.cancelRequested?.reason ?? 'merchant');

  const delivery = await deliver(book, desk, fulfillment);
  if (delivery.outcome === 'cancelled') return cancel(book, compensation, delivery.reason ?? 'merchant');
  return end(book, 'completed');
}

/** Phase 1. A decline is an answer; anything doubtful is looked up and retried until it is known, or stopped. */
async function takePayment(book: Book, desk: Desk): Promise<'paid' | 'declined' | 'stopped'> {
  const stamp = book.stamp();
  const stop = (): boolean => desk.latch.decision !== undefined;
  const untilDeadline = {
    alarmMs: Math.max(1, book.order.deadlineAt + 1 - book.now()),
    alarm: async () => void desk.latch.decide({ kind: 'cancel', reason: 'deadline' }),
  };
  try {
    await quick.chargePayment(stamp);
  } catch (quickError) {
    if (finalFailure(quickError)) return paymentRefusal(quickError);
    try {
      const paid = await patiently(async () => (await patient.chargePayment(stamp), true), {
        stop,
        ...untilDeadline,
      });
      if (!paid) return 'stopped';
    } catch (error) {
      return paymentRefusal(error);
    }
  }
  book.moved('reserving');
  return desk.latch.decision ? 'stopped' : 'paid';
}

function paymentRefusal(error: unknown): 'declined' | 'stopped' {
  const failure = finalFailure(error);
  if (failure === failures.declined) return 'declined';
  if (failure === failures.chargeStopped) return 'stopped';
  throw error;
}

/** Phase 2. The call's real outcome is awaited, whatever was asked for meanwhile. */
async function reserveInventory(book: Book): Promise<boolean> {
  try {
    await steps.reserveInventory(book.stamp());
  } catch (error) {
    if (finalFailure(error) === failures.reservationRefused) return false;
    throw error;
  }
  book.moved('awaiting_release');
  tellStatus('awaiting_release');
  return true;
}

/** Phase 3: months. At the deadline itself a start still counts. */
async function personOrDeadline(book: Book, { latch }: Desk): Promise<Decision> {
  const { releaseAt, deadlineAt, policy } = book.order;
  const decided = (): boolean => latch.decision !== undefined;
  if (
    policy.startFulfillment === 'at_release' &&
    !(await condition(decided, Math.max(1, releaseAt - book.now())))
  ) {
    // No worker may have run between the release and the deadline.
    if (!isPast(deadlineAt, book.now())) latch.decide({ kind: 'fulfil', by: system });
  }
  if (!(await condition(decided, Math.max(1, deadlineAt + 1 - book.now())))) {
    latch.decide({ kind: 'cancel', reason: 'deadline' });
  }
  return latch.decision ?? { kind: 'cancel', reason: 'deadline' };
}

/** Phase 4, first half. */
async function createFulfillmentOrder(
  book: Book,
  desk: Desk,
): Promise<FulfillmentOrder | 'impossible' | 'stopped'> {
  const wish = { ...book.stamp(2), attempt: 1 };
  const { partnerSilenceMs } = book.order.policy;
  const stop = (): boolean => desk.cancelRequested !== undefined;
  const alarm = (): Promise<void> => book.callPerson('partner_silent', partnerSilenceMs);
  let created: FulfillmentOrder | undefined;
  try {
    created = await quick.createFulfillmentOrder(wish);
  } catch (quickError) {
    try {
      if (finalFailure(quickError)) throw quickError;
      book.moved('fulfillment_requested', 'The partner does not answer yet; the booking is retried.');
      created = await patiently(() => patient.createFulfillmentOrder(wish), {
        stop,
        alarmMs: partnerSilenceMs,
        alarm,
      });
      await book.closeCall('the partner answered', 'workflow', 'partner_silent');
    } catch (error) {
      if (finalFailure(error) === failures.fulfillmentImpossible) return 'impossible';
      throw error;
    }
  }
  if (!created && patched('booking-looked-up')) created = await lookUpBooking(book, wish);
  if (!created) return 'stopped';
  book.moved('fulfillment_requested');
  tellStatus('fulfillment_requested');
  return created;
}

/** A cancel came before the partner's answer. Only a booking that does not exist can be undone without the partner. */
async function lookUpBooking(
  book: Book,
  wish: Stamp & { attempt: number },
): Promise<FulfillmentOrder | undefined> {
  const { undoAlarmMs } = book.order.policy;
  const found = await patiently(() => patient.findFulfillmentOrder(wish), {
    alarmMs: undoAlarmMs,
    alarm: () => book.callPerson('undo_failing', undoAlarmMs),
  });
  await book.closeCall('the partner answered');
  return found;
}

/**
 * Phase 4, second half, and 5: a workflow of its own. It outlives this one if somebody terminates it; when it is
 * terminated itself, another takes over from what the database says.
 */
async function deliver(book: Book, desk: Desk, fulfillment: FulfillmentOrder): Promise<DeliveryResult> {
  let input: DeliveryInput = { order: book.order, fulfillment, version: book.version, at: book.now() };
  for (let pause = MINUTE; ; pause = Math.min(2 * pause, DAY)) {
    if (desk.cancelRequested) input = { ...input, cancelRequested: desk.cancelRequested };
    const ended = await oneDelivery(desk, input);
    if (ended) {
      book.continueFrom(ended);
      await book.closeCall('the delivery came to its end');
      return ended;
    }
    if (pause > 2 * MINUTE) await book.callPerson('delivery_failing', book.order.policy.partnerSilenceMs);
    await condition(() => desk.restartRequested, pause);
    desk.restartRequested = false;
    const { delivered, ...resumed } = await steps.deliveryState({ orderId: book.order.orderId });
    if (delivered) return { outcome: 'delivered', version: resumed.version, at: book.now() };
    input = { order: book.order, ...resumed };
  }
}

/** Undefined: the delivery did not come to an end of its own. */
async function oneDelivery(desk: Desk, input: DeliveryInput): Promise<DeliveryResult | undefined> {
  const { orderId } = input.order;
  const starting = startChild<(input: DeliveryInput) => Promise<DeliveryResult>>(deliveryWorkflow, {
    workflowId: deliveryWorkflowId(orderId),
    args: [input],
    parentClosePolicy: ParentClosePolicy.ABANDON,
    staticSummary: `Delivery of ${orderId}`,
  });
  const tell = async (request: CancelRequest): Promise<void> =>
    (await starting).signal(cancelRequestedSignal, request);
  // A delivery that has just ended needs no telling.
  desk.handOver(
    (request) => void CancellationScope.nonCancellable(() => tell(request)).catch(() => undefined),
  );
  try {
    return await (await starting).result();
  } catch (error) {
    if (error instanceof ChildWorkflowFailure) return undefined;
    throw error;
  }
}

async function cancel(book: Book, compensation: Compensation, reason: CancelReason): Promise<OrderResult> {
  await compensation.run(reason);
  return end(book, 'cancelled', reason);
}

async function end(book: Book, status: FinalStatus, reason?: CancelReason): Promise<OrderResult> {
  book.moved(status, reason && `Reason: ${reason}`);
  tellStatus(status);
  await condition(allHandlersFinished);
  return { status, ...(reason ? { reason } : {}) };
}

function reasonOf(decision: Decision | undefined): CancelReason {
  return decision?.kind === 'cancel' ? decision.reason : 'merchant';
}
