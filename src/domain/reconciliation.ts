import { DAY } from './deadline.js';
import type { OrderStatus } from './lifecycle.js';
import type { Money } from './money.js';

/** What may not fit together, and what that means for a person. */
export const findingKinds = {
  workflow_gone: 'No workflow carries the order any more, and it has not ended',
  workflow_outlives: 'The order has ended, and its workflow still runs',
  workflow_stuck: 'A workflow fails at the same task again and again',
  workflow_without_order: 'A workflow runs for an order that the database does not know',
  status_differs: 'The order’s row and its workflow say different things',
  reservation_differs: 'The reservation does not fit the order’s status',
  stock_differs: 'The product’s count of reserved units is not the sum of its reservations',
  charge_without_order: 'The gateway has charged for no order of ours',
  second_charge: 'The gateway has charged a second time for the order',
  charge_differs: 'The gateway has charged another amount or currency than the order’s',
  charge_kept: 'The order is undone, and its charge is not refunded in full',
  refunded_twice: 'More has gone back to the customer than was charged, at the gateway and outside',
  ledger_differs: 'The ledger and the gateway’s books disagree',
  refund_unwatched: 'The refund is not settled, and nobody watches it',
  dispute_missed: 'The customer’s bank has taken the payment back, or decided on it, and nobody was told',
} as const;
export type FindingKind = keyof typeof findingKinds;

/** A person should have looked at a finding so long after it was seen first. */
export const FINDING_DUE_MS = 2 * DAY;

export interface Finding {
  kind: FindingKind;
  /** What does not fit: an order's id, a charge's id at the gateway, a SKU, a workflow's id. */
  subject: string;
  orderId: string | null;
  /** In words; the same as long as the same is wrong, so that it can be acknowledged. */
  detail: string;
  /** What the gateway keeps of it; only where that is not what the ledger says. */
  atGateway?: Money;
}

/** What a run goes through, in this order; each part in pages, so that none of them runs long. */
export const reconciliationParts = [
  'stock',
  'workflows',
  'touched',
  'charges',
  'refunds',
  'disputes',
  'open',
] as const;
export type ReconciliationPart = (typeof reconciliationParts)[number];

/** How much a run has looked at, per part. */
export type Looked = Partial<Record<ReconciliationPart, number>>;

export interface ReconciliationResult {
  runId: string;
  /** Parts that could not be looked at; then nothing is taken for mended. */
  failed: ReconciliationPart[];
}

/** A workflow as Temporal describes it. */
export interface WorkflowState {
  workflowId: string;
  /** RUNNING, COMPLETED, TERMINATED, … */
  status: string;
  historyLength: number;
  /** Neither a task nor an activity nor an update is under way: what it says of itself is what it has written. */
  atRest: boolean;
  /** Attempts of the workflow task that is open now. */
  taskAttempts: number;
}

/** What the reconciler may see of Temporal. Lists lag behind for a moment; a description does not. */
export interface WorkflowView {
  /** Orders whose order workflow runs, by id, from `after` (exclusive) to `upTo` (inclusive; undefined: to the end). */
  running(after: string, upTo: string | undefined): Promise<string[]>;
  /** Workflow ids whose task keeps failing or timing out. */
  stuck(): Promise<string[]>;
  describe(workflowId: string): Promise<WorkflowState | undefined>;
  /** What the workflow says of itself; undefined when it does not answer. */
  snapshot(workflowId: string): Promise<{ status: OrderStatus; version: number } | undefined>;
}
