import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { AttentionReason, ResolveAction } from '../domain/attention.js';
import type {
  Actor,
  CancelAnswer,
  CancelRequest,
  DeliveryResult,
  OrderResult,
  StartAnswer,
  TrackingEvent,
} from '../domain/order.js';
import type { CancelReason, OrderStatus } from '../domain/lifecycle.js';

export const orderWorkflow = 'order';
export const deliveryWorkflow = 'delivery';
export const refundWorkflow = 'refund';
export const reconciliationWorkflow = 'reconciliation';

/** People's commands: updates. A validator refuses without a trace in the history; a handler answers the truth. */
export const startFulfillmentUpdate = defineUpdate<StartAnswer, [{ by: Actor }]>('startFulfillment');
export const cancelOrderUpdate = defineUpdate<CancelAnswer, [CancelRequest]>('cancelOrder');
export const confirmPickupUpdate = defineUpdate<void, [{ by: Actor }]>('confirmPickup');
export const confirmDeliveryUpdate = defineUpdate<void, [{ by: Actor }]>('confirmDelivery');
export const resolveUpdate = defineUpdate<ResolutionAnswer, [Resolution]>('resolve');

/** Partners' facts: signals, always accepted. */
export const shipmentEventSignal = defineSignal<[TrackingEvent]>('shipmentEvent');
export const refundChangedSignal = defineSignal<[RefundNews]>('refundChanged');
/** A Temporal-level cancel of the order, passed on to the delivery. */
export const cancelRequestedSignal = defineSignal<[CancelRequest]>('cancelRequested');

/** Why to look at the gateway again. `lateCharge`: a charge is said to have landed after the order was given up. */
export interface RefundNews {
  eventId: string;
  lateCharge?: boolean;
}

export interface Resolution {
  action: ResolveAction;
  by: Actor;
  /** The call that is answered. Undefined: by a release before, whichever is open. */
  reason?: AttentionReason;
  /** Of money that was settled outside the gateway: the id of the command that its proof is kept with. */
  reference?: string;
}

/** Whether the decision could be carried out; if not, what to do instead. */
export interface ResolutionAnswer {
  done: boolean;
  message: string;
}

/** For debugging in the Web UI; lists and pages read the database. */
export interface WorkflowSnapshot {
  orderId: string;
  status: OrderStatus;
  version: number;
  decision?: string;
  reason?: CancelReason;
}
export const snapshotQuery = defineQuery<WorkflowSnapshot>('snapshot');

export type { DeliveryResult, OrderResult };
