import type { Attention, AttentionReason } from './attention.js';
import type {
  CancelReason,
  FinalStatus,
  FulfillmentStatus,
  OrderAction,
  OrderStatus,
  PaymentStatus,
  RefundStatus,
  ReservationStatus,
  ShipmentStatus,
} from './lifecycle.js';
import type { Policy } from './policy.js';

/** What the order workflow is started with: ids, amounts and instants (epoch ms), nothing personal. */
export interface OrderInput {
  orderId: string;
  sku: string;
  quantity: number;
  amountMinor: number;
  currency: string;
  releaseAt: number;
  deadlineAt: number;
  policy: Policy;
}

export interface OrderResult {
  status: FinalStatus;
  reason?: CancelReason;
}

/**
 * One write to the order's row. `version` grows with every write of the workflow that carries the order, so a
 * late attempt changes nothing; `at` is workflow time (epoch ms), never the wall clock.
 */
export interface Stamp {
  orderId: string;
  version: number;
  at: number;
}

export interface FulfillmentOrder {
  attempt: number;
  status: FulfillmentStatus;
}

export interface DeliveryInput {
  order: OrderInput;
  fulfillment: FulfillmentOrder;
  /** The version of the order's last write; the delivery workflow goes on from there. */
  version: number;
  /** When that was, by workflow time: the clocks of two workflows may differ. Missing: by a release before. */
  at?: number;
  /** A cancel that came while the fulfillment order was being created. */
  cancelRequested?: CancelRequest;
  /** An earlier delivery workflow of this order was terminated: where it stood, by the database. */
  resumed?: { status: OrderStatus; call?: AttentionReason; reminders: number };
}

export interface DeliveryResult {
  outcome: 'delivered' | 'cancelled';
  reason?: CancelReason;
  version: number;
  at: number;
}

export interface RefundInput {
  orderId: string;
  policy: Policy;
}

export interface Actor {
  kind: 'customer' | 'operator' | 'supervisor' | 'partner' | 'system';
  id: string;
}

export interface CancelRequest {
  reason: Extract<CancelReason, 'customer' | 'merchant'>;
  by: Actor;
}

/** The true answer to a cancel (DOMAIN section 4). */
export interface CancelAnswer {
  answer: 'accepted' | 'pending_partner' | 'rejected';
  message: string;
}

export interface StartAnswer {
  started: boolean;
  message: string;
}

/** A partner's word on a shipment. `at`: epoch ms, the partner's clock. */
export interface TrackingEvent {
  eventId: string;
  kind: 'accepted' | 'rejected' | 'cancelled' | 'cancel_rejected' | 'tracking';
  attempt: number;
  status?: ShipmentStatus;
  detail?: string;
  at: number;
}

export interface CompensationEntry {
  seq: number;
  step: string;
  undoes: string;
  outcome: string;
  detail: string;
  attempts: number;
  startedAt: number;
  finishedAt: number | null;
  lastError: string | null;
}

export interface RefundFact {
  id: string;
  gatewayId: string | null;
  amountMinor: number;
  currency: string;
  status: RefundStatus;
  requestedAt: number;
  settledAt: number | null;
}

/** Everything the API says of an order; `status` and each part come from the database. Instants: epoch ms. */
export interface OrderSnapshot {
  orderId: string;
  workflowId: string;
  sku: string;
  productName: string;
  quantity: number;
  amountMinor: number;
  currency: string;
  status: OrderStatus;
  payment: { status: PaymentStatus; gatewayId: string | null; failureCode: string | null };
  reservation: { status: ReservationStatus; quantity: number };
  fulfillment: { status: FulfillmentStatus; attempt: number; partnerId: string | null } | null;
  shipment: {
    status: ShipmentStatus;
    trackingCode: string | null;
    lastEventAt: number | null;
    reminders: number;
  } | null;
  refund: RefundFact | null;
  cancelReason: CancelReason | null;
  cancelRequestedAt: number | null;
  /** It has not been refused: the customer is promised the money. */
  cancelStands: boolean;
  placedAt: number;
  updatedAt: number;
  releaseAt: number;
  deadlineAt: number;
  /** The order's own clock: the wall clock, plus what was fast-forwarded in development. */
  now: number;
  /** Every open call, what the order itself waits for first. */
  calls: Attention[];
  /** The first of them. */
  needsAttention: Attention | null;
  allowedActions: OrderAction[];
  customerId: string;
  customerName: string;
  customerEmail: string;
  /** Which one of its tokens opens it. */
  tokenNumber: number;
}
