import {
  isGrpcServiceError,
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  type Client,
} from '@temporalio/client';
import { ApplicationFailure, type UpdateDefinition } from '@temporalio/common';
import { isAboutMoney } from '../domain/attention.js';
import { failures } from '../domain/failures.js';
import { deliveryWorkflowId, orderWorkflowId, refundWorkflowId } from '../domain/identity.js';
import type {
  Actor,
  CancelAnswer,
  CancelRequest,
  OrderInput,
  RefundInput,
  StartAnswer,
  TrackingEvent,
} from '../domain/order.js';
import {
  cancelOrderUpdate,
  confirmDeliveryUpdate,
  confirmPickupUpdate,
  orderWorkflow,
  refundChangedSignal,
  refundWorkflow,
  resolveUpdate,
  shipmentEventSignal,
  startFulfillmentUpdate,
  type RefundNews,
  type Resolution,
  type ResolutionAnswer,
} from '../workflows/messages.js';
import { NotAllowedError, NotConfirmedError, NotRunningError } from './errors.js';
import { initialSearchAttributes } from './search-attributes.js';

/** The one door to the workflows. `commandId` makes a repeat of the same command harmless. */
export interface OrderClient {
  startOrder(order: OrderInput): Promise<void>;
  startFulfillment(orderId: string, commandId: string, by: Actor): Promise<StartAnswer>;
  cancelOrder(orderId: string, commandId: string, request: CancelRequest): Promise<CancelAnswer>;
  confirmPickup(orderId: string, commandId: string, by: Actor): Promise<void>;
  confirmDelivery(orderId: string, commandId: string, by: Actor): Promise<void>;
  /** Whoever has called for the decision hears it; without a reason, whoever takes such a one. */
  resolve(orderId: string, commandId: string, resolution: Resolution): Promise<ResolutionAnswer>;
  /** Throws NotRunningError when no delivery is running. */
  shipmentEvent(orderId: string, event: TrackingEvent): Promise<void>;
  /** Starts the watch over the order's refund when nobody watches it yet. */
  refundChanged(input: RefundInput, news: RefundNews): Promise<void>;
}

export interface OrderClientOptions {
  client: Client;
  taskQueue: string;
  /** The client of this process's worker, while one runs: a start through it skips a trip through the server. */
  beside?: () => Client | undefined;
  /** How long a caller waits for an answer before it is told `not confirmed`. */
  answerWithinMs: number;
}

export function createOrderClient({
  client,
  taskQueue,
  beside = () => undefined,
  answerWithinMs,
}: OrderClientOptions): OrderClient {
  const within = <T>(work: () => Promise<T>, { connection } = client): Promise<T> =>
    connection.withDeadline(Date.now() + answerWithinMs, work).catch((error: unknown) => {
      throw meaningOf(error);
    });

  /** Asks again, under the same id, where the task that would have heard it failed: it is about to run once more. */
  const ask = <Ret, Arg>(
    workflowId: string,
    update: UpdateDefinition<Ret, [Arg]>,
    updateId: string,
    arg: Arg,
  ): Promise<Ret> => {
    const giveUpAt = Date.now() + answerWithinMs;
    return within(async () => {
      for (;;) {
        try {
          return await client.workflow.getHandle(workflowId).executeUpdate(update, { updateId, args: [arg] });
        } catch (error) {
          if (!isTaskFailure(error) || Date.now() + ASK_AGAIN_MS >= giveUpAt) throw error;
          await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
        }
      }
    });
  };

  /** A delivery may take a moment to exist: the order's row says what its booking is before it starts. */
  async function askDelivery<Ret, Arg>(
    orderId: string,
    update: UpdateDefinition<Ret, [Arg]>,
    commandId: string,
    arg: Arg,
  ): Promise<Ret> {
    for (let tries = 0; ; tries++) {
      try {
        return await ask(deliveryWorkflowId(orderId), update, commandId, arg);
      } catch (error) {
        if (!(error instanceof NotRunningError) || tries >= 40) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  /** The order answers until its delivery does. */
  async function cancelOrder(
    orderId: string,
    commandId: string,
    request: CancelRequest,
  ): Promise<CancelAnswer> {
    try {
      return await ask(orderWorkflowId(orderId), cancelOrderUpdate, commandId, request);
    } catch (error) {
      if (!(error instanceof InDelivery)) throw error;
    }
    return askDelivery(orderId, cancelOrderUpdate, commandId, request);
  }

  /** Whoever called for a person hears the decision: the delivery while one runs, the order, or the refund. */
  async function resolve(
    orderId: string,
    commandId: string,
    resolution: Resolution,
  ): Promise<ResolutionAnswer> {
    for (const workflowId of holdersOf(orderId, resolution)) {
      try {
        return await ask(workflowId, resolveUpdate, commandId, resolution);
      } catch (error) {
        if (!(error instanceof NotRunningError)) throw error;
      }
    }
    throw new NotRunningError('nobody carries this order');
  }

  return {
    cancelOrder,
    async startOrder(order) {
      const near = beside();
      const through = near ?? client;
      const start = () =>
        through.workflow.start(orderWorkflow, {
          workflowId: orderWorkflowId(order.orderId),
          taskQueue,
          args: [order],
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          workflowIdConflictPolicy: 'USE_EXISTING',
          requestEagerStart: near !== undefined,
          typedSearchAttributes: initialSearchAttributes(order),
          staticSummary: `Pre-order ${order.orderId}: ${order.quantity} × ${order.sku}`,
          staticDetails:
            'Pay, reserve, wait for the release, fulfil, deliver; or undo everything in reverse order.',
        });
      try {
        await within(start, through);
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
    },
    startFulfillment: (orderId, commandId, by) =>
      ask(orderWorkflowId(orderId), startFulfillmentUpdate, commandId, { by }),
    confirmPickup: (orderId, commandId, by) => askDelivery(orderId, confirmPickupUpdate, commandId, { by }),
    confirmDelivery: (orderId, commandId, by) =>
      askDelivery(orderId, confirmDeliveryUpdate, commandId, { by }),
    resolve,
    shipmentEvent: (orderId, event) =>
      within(() => client.workflow.getHandle(deliveryWorkflowId(orderId)).signal(shipmentEventSignal, event)),
    refundChanged: async (input, news) => {
      await within(() =>
        client.workflow.signalWithStart(refundWorkflow, {
          workflowId: refundWorkflowId(input.orderId),
          taskQueue,
          args: [input],
          signal: refundChangedSignal,
          signalArgs: [news],
          staticSummary: `Refund of ${input.orderId}`,
        }),
      );
    },
  };
}

/** Decisions about money belong to its watch, whoever carries the order; a delivery that fails cannot be asked. */
function holdersOf(orderId: string, { action, reason }: Resolution): string[] {
  const [order, money] = [orderWorkflowId(orderId), refundWorkflowId(orderId)];
  if (reason && isAboutMoney(reason)) return [money];
  if (['retry', 'settle_outside', 'contest', 'accept_loss'].includes(action)) return [money];
  if (action === 'restart') return [order];
  const carriers = [deliveryWorkflowId(orderId), order];
  // The watch over the money undoes a charge that landed late.
  return reason === undefined || reason === 'undo_failing' ? [...carriers, money] : carriers;
}

class InDelivery extends Error {}

/** A workflow's task is tried again after about a second. */
const ASK_AGAIN_MS = 250;

/** The workflow runs and has not heard the update: its task failed, or was lost with its worker. */
function isTaskFailure(error: unknown): boolean {
  if (error instanceof WorkflowUpdateFailedError)
    return error.cause instanceof ApplicationFailure && error.cause.type === 'UnprocessedUpdate';
  if (!(error instanceof ServiceError) || !isGrpcServiceError(error.cause)) return false;
  return Number(error.cause.code) === FAILED_PRECONDITION && /workflow task/i.test(error.cause.details);
}

/** Of gRPC. */
const FAILED_PRECONDITION = 9;

function meaningOf(error: unknown): unknown {
  if (error instanceof WorkflowExecutionAlreadyStartedError) return error;
  if (error instanceof WorkflowNotFoundError)
    return new NotRunningError('no such workflow is running', { cause: error });
  if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) {
    const { type, message } = error.cause;
    if (type === failures.inDelivery) return new InDelivery(message);
    if (type === failures.notAllowed) return new NotAllowedError(message);
    // The workflow ended before it took the command.
    if (type === 'AcceptedUpdateCompletedWorkflow') return new NotRunningError(message);
  }
  return new NotConfirmedError('Temporal or its workers did not answer in time', { cause: error });
}
