import { sql, type ColumnType, type Generated, type JSONColumnType, type RawBuilder } from 'kysely';
import type { AttentionReason } from '../domain/attention.js';
import type {
  CancelReason,
  DisputeStatus,
  FulfillmentStatus,
  OrderStatus,
  PaymentStatus,
  RefundStatus,
  ReservationStatus,
  ShipmentStatus,
} from '../domain/lifecycle.js';
import type { Policy, PolicyOverrides } from '../domain/policy.js';
import type { FindingKind, Looked, ReconciliationPart } from '../domain/reconciliation.js';

/** timestamptz: read as epoch ms, written as an ISO string (see `at`). */
type Instant = ColumnType<number, string, string>;
type MaybeInstant = ColumnType<number | null, string | null | undefined, string | null>;
type Json<T extends object> = JSONColumnType<T>;

export interface Address {
  street: string;
  city: string;
  zip: string;
  country: string;
}

export interface Schema {
  products: {
    sku: string;
    name: string;
    description: string;
    price_minor: number;
    currency: string;
    capacity: number;
    reserved: Generated<number>;
    release_at: Instant;
    policy: Json<PolicyOverrides>;
    open: Generated<boolean>;
    created_at: Generated<number>;
  };
  orders: {
    id: string;
    customer_id: string;
    idempotency_key: string;
    body_fingerprint: string;
    sku: string;
    product_name: string;
    quantity: number;
    amount_minor: number;
    currency: string;
    customer_name: string;
    customer_email: string;
    address: Json<Address>;
    payment_method: string;
    token_hash: string;
    /** Of its token: a correction of the e-mail address makes the next one. */
    token_number: Generated<number>;
    release_at: Instant;
    deadline_at: Instant;
    policy: Json<Policy>;
    status: OrderStatus;
    version: Generated<number>;
    cancel_reason: CancelReason | null;
    cancel_requested_at: MaybeInstant;
    cancel_refused_at: MaybeInstant;
    workflow_started: Generated<boolean>;
    clock_offset_ms: Generated<number>;
    placed_at: Instant;
    updated_at: Instant;
    /** Workflow time of the last write by a workflow; null before the first. */
    written_at: MaybeInstant;
    /** Wall clock of the last change of status or version, set by a trigger. */
    touched_at: ColumnType<number, string | undefined, string>;
  };
  payments: {
    order_id: string;
    status: PaymentStatus;
    gateway_id: string | null;
    amount_minor: number;
    currency: string;
    failure_code: string | null;
    updated_at: Instant;
  };
  reservations: {
    order_id: string;
    sku: string;
    quantity: number;
    status: ReservationStatus;
    held_at: Instant;
    replacement: Generated<number>;
  };
  fulfillment_orders: {
    order_id: string;
    attempt: number;
    status: FulfillmentStatus;
    partner_id: string | null;
    tracking_code: string | null;
    shipment_status: Generated<ShipmentStatus>;
    last_event_at: MaybeInstant;
    reminders: Generated<number>;
    created_at: Instant;
    updated_at: Instant;
  };
  refunds: {
    id: string;
    order_id: string;
    n: number;
    gateway_id: string | null;
    amount_minor: number;
    currency: string;
    status: RefundStatus;
    failure_reason: string | null;
    reference: string | null;
    requested_at: Instant;
    settled_at: MaybeInstant;
    key_n: Generated<number>;
    keyed_at: MaybeInstant;
  };
  disputes: {
    gateway_id: string;
    order_id: string;
    amount_minor: number;
    currency: string;
    status: DisputeStatus;
    opened_at: Instant;
    decided_at: MaybeInstant;
  };
  ledger_entries: {
    id: Generated<number>;
    order_id: string;
    operation: string;
    gateway_id: string;
    account: string;
    amount_minor: number;
    currency: string;
    at: Instant;
  };
  compensation_log: {
    order_id: string;
    seq: number;
    step: string;
    undoes: string;
    outcome: string;
    detail: Generated<string>;
    attempts: number;
    started_at: Instant;
    finished_at: MaybeInstant;
    last_error: string | null;
  };
  attention: {
    id: Generated<number>;
    order_id: string;
    reason: AttentionReason;
    since: Instant;
    due_at: Instant;
    resolved_at: MaybeInstant;
    resolved_by: string | null;
    resolution: string | null;
  };
  commands: {
    id: string;
    order_id: string;
    kind: string;
    actor: string;
    input: Json<object>;
    requested_at: Instant;
    answered_at: MaybeInstant;
    outcome: string | null;
    message: string | null;
  };
  machine_keys: {
    id: string;
    name: string;
    role: 'operator' | 'supervisor';
    key_hash: string;
    created_by: string;
    created_at: Instant;
    expires_at: MaybeInstant;
    revoked_at: MaybeInstant;
  };
  audit: {
    id: Generated<number>;
    at: Instant;
    caller: string;
    key_id: string | null;
    action: string;
    order_id: string | null;
    outcome: string;
    code: string | null;
    request_id: string;
    times: Generated<number>;
  };
  proposals: {
    id: string;
    order_id: string;
    attention_id: number;
    action: string;
    reference: string | null;
    proposed_by: string;
    proposed_at: Instant;
    decided_by: string | null;
    decided_at: MaybeInstant;
    outcome: string | null;
  };
  inbox: {
    source: 'payment' | 'delivery';
    event_id: string;
    type: string;
    payload: Json<object>;
    received_at: Instant;
    processed_at: MaybeInstant;
    outcome: string | null;
    attempts: Generated<number>;
    next_attempt_at: Instant;
  };
  outbox: {
    dedup_id: string;
    order_id: string;
    kind: string;
    detail: Json<object>;
    created_at: Generated<number>;
    sent_at: MaybeInstant;
    attempts: Generated<number>;
    next_attempt_at: ColumnType<number, string | undefined, string>;
    last_error: string | null;
  };
  findings: {
    id: Generated<number>;
    kind: FindingKind;
    /** What does not fit: an order's id, a charge's id at the gateway, a SKU, a workflow's id. */
    subject: string;
    order_id: string | null;
    detail: string;
    /** What the gateway keeps of the subject, where the finding is of that. */
    gateway_minor: number | null;
    gateway_currency: string | null;
    first_seen: Instant;
    last_seen: Instant;
    resolved_at: MaybeInstant;
    acknowledged_at: MaybeInstant;
    acknowledged_by: string | null;
  };
  reconciliation_runs: {
    id: string;
    started_at: Instant;
    finished_at: MaybeInstant;
    failed: ColumnType<ReconciliationPart[], string | undefined, string>;
    looked: ColumnType<Looked, string | undefined, string>;
  };
  /** Every status an order has had, written by a trigger; `at` is the order's own time. */
  order_steps: {
    id: Generated<number>;
    order_id: string;
    version: number;
    status: OrderStatus;
    at: Instant;
  };
  /** Development only: when, by the wall clock, an order's own clock was moved. */
  clock_moves: { id: Generated<number>; order_id: string; by_ms: number; at: Generated<number> };
  sessions: {
    token_hash: string;
    key_id: string;
    /** Of a key of the configuration: proves that it still is the same. Null: a key of machine_keys. */
    key_seal: string | null;
    created_at: Instant;
    expires_at: Instant;
  };
  sign_in_links: {
    code_hash: string;
    key_id: string;
    key_seal: string | null;
    leads_to: 'console' | 'temporal';
    expires_at: Instant;
  };
  bulk_runs: {
    id: string;
    fingerprint: string;
    command: string;
    order_ids: ColumnType<string[], string, string>;
    remaining: number;
    asked_by: string;
    asked_at: Instant;
  };
  reconciliation_positions: { name: string; position: string };
}

/** Epoch ms as the database takes it. */
export const at = (ms: number): string => new Date(ms).toISOString();

/** Epoch ms to compare a timestamptz column with. */
export const instant = (ms: number): RawBuilder<number> => sql<number>`${at(ms)}::timestamptz`;
