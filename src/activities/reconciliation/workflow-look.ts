import { MINUTE } from '../../domain/deadline.js';
import {
  deliveryWorkflowId,
  orderWorkflowId,
  parseWorkflowId,
  refundWorkflowId,
} from '../../domain/identity.js';
import { isFinal, ledTo, type OrderStatus } from '../../domain/lifecycle.js';
import type { Finding, FindingKind, WorkflowState } from '../../domain/reconciliation.js';
import { orderStates, type OrderState } from '../../db/reconciliation-facts.js';
import { stepsOf } from '../../db/history.js';
import type { Deps } from '../deps.js';

/** The sweeper starts what was placed and never started; until then nothing is wrong. */
const SWEPT_WITHIN_MS = 2 * MINUTE;
/** An order that has ended lets its callers' last questions be answered. */
const ENDS_WITHIN_MS = 15 * MINUTE;
/** Fewer happen at every deploy. */
const STUCK_AFTER = 5;

type See = Pick<Deps, 'db' | 'workflows'>;
const runs = (workflow: WorkflowState | undefined): workflow is WorkflowState =>
  workflow?.status === 'RUNNING';

/** Compares one order's row with the workflows that carry it. `now`: epoch ms. */
export async function lookAtWorkflow(
  { db, workflows }: See,
  orderId: string,
  now: number,
): Promise<Finding[]> {
  const finding = (kind: FindingKind, detail: string): Finding => ({
    kind,
    subject: orderId,
    orderId,
    detail,
  });
  // The workflow before the row: what it has written before it ended is in the row then.
  const order = await workflows.describe(orderWorkflowId(orderId));
  const [row] = await orderStates(db, [orderId]);
  if (!row) return [];
  const over = isFinal(row.status);
  const found: Finding[] = [];
  const swept = !row.workflow_started && now - row.placed_at < SWEPT_WITHIN_MS;
  if (!over && !runs(order) && !swept) {
    found.push(finding('workflow_gone', `${row.status}; ${orderWorkflowId(orderId)} is ${statusOf(order)}`));
  }
  const led = over ? ledTo((await stepsOf(db, { id: orderId })).map(({ status }) => status)) : undefined;
  if (led && led !== row.status)
    found.push(finding('status_differs', `the row says ${row.status}, its steps have led to ${led}`));
  if (over && runs(order) && now - row.touched_at > ENDS_WITHIN_MS)
    found.push(finding('workflow_outlives', `${row.status}; ${orderWorkflowId(orderId)} is RUNNING`));
  if (runs(order)) {
    const differs = await difference({ db, workflows }, order, row);
    if (differs) found.push(finding('status_differs', differs));
  }
  return found;
}

const statusOf = (workflow: WorkflowState | undefined): string => workflow?.status ?? 'not there';

/** Of a workflow whose task fails: that it still does. */
export async function lookAtTask({ db, workflows }: See, workflowId: string): Promise<Finding[]> {
  const state = await workflows.describe(workflowId);
  if (!runs(state) || state.taskAttempts < STUCK_AFTER) return [];
  const named = parseWorkflowId(workflowId)?.orderId;
  const [order] = named ? await orderStates(db, [named]) : [];
  return [
    {
      kind: 'workflow_stuck',
      subject: workflowId,
      orderId: order?.id ?? null,
      detail: `${workflowId} makes no progress`,
    },
  ];
}

/** Undefined also when the two cannot be compared now: only what is at rest has written all that it says. */
async function difference(see: See, order: WorkflowState, row: OrderState): Promise<string | undefined> {
  const carrier = await carrierOf(see, order, row.id);
  if (!carrier?.atRest) return undefined;
  const said = await see.workflows.snapshot(carrier.workflowId);
  const after = await see.workflows.describe(carrier.workflowId);
  const [again] = await orderStates(see.db, [row.id]);
  const moved =
    !after?.atRest || after.historyLength !== carrier.historyLength || again?.version !== row.version;
  if (!said || moved || again?.status !== row.status) return undefined;
  // Its delivery was terminated: the order takes over from what the row says, in a while.
  const takesOver =
    carrier === order && said.status === 'fulfillment_requested' && delivering.includes(row.status);
  if (takesOver) return undefined;
  // The workflow's version is never behind: it counts a write before it is made.
  if (said.status === row.status && said.version >= row.version) return undefined;
  return (
    `the row says ${row.status} (version ${row.version}), ` +
    `${carrier.workflowId} says ${said.status} (version ${said.version})`
  );
}

const delivering: OrderStatus[] = [
  'fulfillment_requested',
  'awaiting_pickup',
  'cancellation_requested',
  'in_transit',
  'delivery_exception',
  'returning',
];

/** The one that writes the row now. */
async function carrierOf({ workflows }: See, order: WorkflowState, orderId: string): Promise<WorkflowState> {
  const delivery = await workflows.describe(deliveryWorkflowId(orderId));
  return runs(delivery) ? delivery : order;
}

export async function isRefundWatched(
  { workflows }: Pick<Deps, 'workflows'>,
  orderId: string,
): Promise<boolean> {
  return runs(await workflows.describe(refundWorkflowId(orderId)));
}
