import { ApplicationFailure, setHandler } from '@temporalio/workflow';
import { isResolution, type AttentionReason } from '../domain/attention.js';
import { acceptedCancel, pendingPartnerCancel, startRefusal } from '../domain/cancel.js';
import { failures } from '../domain/failures.js';
import type { CancelReason } from '../domain/lifecycle.js';
import type { Actor, CancelAnswer, CancelRequest } from '../domain/order.js';
import type { Book } from './book.js';
import { createLatch, type Latch } from './latch.js';
import { cancelOrderUpdate, resolveUpdate, snapshotQuery, startFulfillmentUpdate } from './messages.js';
import type { Resolution } from './messages.js';

export type Decision = { kind: 'fulfil'; by: Actor } | { kind: 'cancel'; reason: CancelReason };

/** Where people's commands reach the order. One latch decides between fulfil, cancel and deadline. */
export interface Desk {
  readonly latch: Latch<Decision>;
  /** A cancel that came after fulfillment was started, for the delivery to ask the partner. */
  readonly cancelRequested: CancelRequest | undefined;
  /** A person wants a delivery that keeps failing to be started again at once. */
  restartRequested: boolean;
  /** From now on the delivery answers; a cancel from Temporal itself is passed on to it. */
  handOver(forward: (request: CancelRequest) => void): void;
  requestCancel(request: CancelRequest): CancelAnswer;
}

export function openDesk(book: Book): Desk {
  const latch = createLatch<Decision>();
  let cancelRequested: CancelRequest | undefined;
  let forward: ((request: CancelRequest) => void) | undefined;
  /** A person has answered this call with patience, which changes nothing. */
  let waitingOn: AttentionReason | undefined;

  const answersCall = resolutionOf(() => book.call);
  const requestCancel = (request: CancelRequest): CancelAnswer => {
    if (latch.decide({ kind: 'cancel', reason: request.reason })) return acceptedCancel;
    if (latch.decision?.kind === 'cancel') return acceptedCancel;
    cancelRequested ??= request;
    forward?.(request);
    return pendingPartnerCancel;
  };

  setHandler(
    startFulfillmentUpdate,
    ({ by }) => {
      latch.decide({ kind: 'fulfil', by });
      return { started: true, message: 'The fulfillment order is being created.' };
    },
    {
      validator: (_command: { by: Actor }) => {
        const refusal = latch.decision
          ? `Too late: ${describe(latch.decision)}.`
          : startRefusal(book.status, book.order.deadlineAt, Date.now());
        if (refusal) throw refuse(failures.notAllowed, refusal);
      },
    },
  );
  setHandler(cancelOrderUpdate, requestCancel, {
    validator: (_request: CancelRequest) => {
      if (forward) throw refuse(failures.inDelivery, 'The delivery workflow carries this order now.');
      if (book.status === 'rejected') throw refuse(failures.notAllowed, 'The payment was declined.');
    },
  });
  setHandler(
    resolveUpdate,
    ({ action, by }) => {
      if (action === 'restart') {
        desk.restartRequested = true;
        return { done: true, message: 'The delivery is started again at once.' };
      }
      if (action === 'cancel') {
        requestCancel({ reason: 'merchant', by });
        return { done: true, message: 'The order is being cancelled.' };
      }
      waitingOn = book.call;
      return { done: true, message: goesOn };
    },
    {
      validator: (given: Resolution) => {
        answersCall(given);
        const isPatience = given.action !== 'cancel' && given.action !== 'restart';
        // An accepted update is history for ever; impatience must not fill it.
        if (isPatience && waitingOn === book.call)
          throw refuse(failures.notAllowed, `Decided already. ${goesOn}`);
      },
    },
  );
  setHandler(snapshotQuery, () => ({
    orderId: book.order.orderId,
    status: book.status,
    version: book.version,
    ...(latch.decision ? { decision: describe(latch.decision) } : {}),
  }));

  const desk: Desk = {
    latch,
    get cancelRequested() {
      return cancelRequested;
    },
    restartRequested: false,
    handOver: (to) => (forward = to),
    requestCancel,
  };
  return desk;
}

const goesOn = 'It is retried without end; the call stays open until it succeeds.';

function describe(decision: Decision): string {
  return decision.kind === 'fulfil'
    ? 'fulfillment has been started'
    : `the order is being cancelled (${decision.reason})`;
}

/** Refuses what does not answer the call that is open now. */
export function resolutionOf(call: () => AttentionReason | undefined): (given: Resolution) => void {
  return ({ action }) => {
    const reason = call();
    if (!reason) throw refuse(failures.notAllowed, 'Nothing about this order needs attention.');
    if (!isResolution(reason, action))
      throw refuse(failures.notAllowed, `${action} does not resolve ${reason}.`);
  };
}

export function refuse(type: string, message: string): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: true });
}
