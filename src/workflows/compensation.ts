import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ParentClosePolicy, startChild } from '@temporalio/workflow';
import { refundWorkflowId } from '../domain/identity.js';
import type { CancelReason } from '../domain/lifecycle.js';
import type { PaymentUndone } from '../activities/payment.js';
import { patient, quick, steps } from './activity-proxies.js';
import type { Book } from './book.js';
import { refundWorkflow } from './messages.js';
import { patiently } from './patience.js';

/** Each undo beside the step it undoes. */
const undoes = {
  refundPayment: { step: 'refund-payment', undoes: 'charge-payment' },
  releaseInventory: { step: 'release-inventory', undoes: 'reserve-inventory' },
  cancelFulfillmentOrder: { step: 'cancel-fulfillment-order', undoes: 'create-fulfillment-order' },
} as const;
type UndoName = keyof typeof undoes;

export interface Compensation {
  /** Registered before its step begins; an undo does nothing where nothing happened. */
  register(undo: UndoName): void;
  /** Undoes everything in reverse order; returns when it is done, however long that takes. */
  run(reason: CancelReason): Promise<void>;
}

export function createCompensation(book: Book): Compensation {
  const registered: UndoName[] = [];
  return {
    register: (undo) => registered.push(undo),
    async run(reason) {
      // Orders that were cancelled before it answered have none that is not registered.
      const isBooked = await steps.beginCancelling({ ...book.stamp(), reason });
      if (isBooked && !registered.includes('cancelFulfillmentOrder'))
        registered.push('cancelFulfillmentOrder');
      book.callsClosed();
      book.moved('cancelling', `Reason: ${reason}`);
      for (const [index, name] of registered.toReversed().entries()) {
        const end = await insist(book, name, index + 1);
        if (name === 'refundPayment') await watchRefund(book, end as PaymentUndone);
      }
      await steps.finishCancelling({ ...book.stamp(), reason });
    },
  };
}

/** An undo is never given up and never swallowed: it is retried without end, and after a while shown to a person. */
async function insist(book: Book, name: UndoName, seq: number) {
  const undo = { orderId: book.order.orderId, seq, at: book.now(), ...undoes[name] };
  try {
    return await quick[name](undo);
  } catch {
    const end = await patiently(() => patient[name](undo), {
      alarmMs: book.order.policy.undoAlarmMs,
      alarm: () => book.callPerson('undo_failing', book.order.policy.undoAlarmMs),
    });
    await book.closeCall('the undo succeeded', 'workflow', 'undo_failing');
    return end;
  }
}

/** A refund that is not paid out yet outlives the order: a workflow of its own sees it to its end. */
async function watchRefund({ order }: Book, { refund }: PaymentUndone): Promise<void> {
  if (refund === 'none' || refund === 'succeeded') return;
  try {
    await startChild(refundWorkflow, {
      workflowId: refundWorkflowId(order.orderId),
      args: [{ orderId: order.orderId, policy: order.policy }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `Refund of ${order.orderId}`,
    });
  } catch (error) {
    // A webhook of the gateway was faster and started it.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
