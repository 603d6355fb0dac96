import { heartbeat } from '@temporalio/activity';
import { DAY } from '../../domain/deadline.js';
import {
  FINDING_DUE_MS,
  type Finding,
  type FindingKind,
  type ReconciliationPart,
} from '../../domain/reconciliation.js';
import {
  callForFindings,
  closeUnseen,
  findingsNotSeenBy,
  recordFindings,
  standing,
} from '../../db/findings.js';
import { orderRow } from '../../db/orders.js';
import { beginRun, countLooked, endRun, keepPosition } from '../../db/reconciliation-runs.js';
import type { Deps } from '../deps.js';
import { chargesPart, refundsPart } from './gateway-parts.js';
import { disputesPart, lookAtDisputes } from './dispute-part.js';
import { lookTwice } from './look-twice.js';
import { lookAtCharge, lookAtMoney } from './money-look.js';
import { stockPart, touchedPart, workflowsPart, type PageOfPart } from './order-parts.js';
import { lookAtWorkflow } from './workflow-look.js';

/** One activity looks for so long; the rest is the next one's. */
const LOOK_FOR_MS = 20_000;
const KEEP_RUNS_MS = 30 * DAY;

/** Kinds that the refund's watch can find out about, and call a person for. */
const aboutRefunds: FindingKind[] = ['ledger_differs', 'charge_kept', 'refund_unwatched'];

export function createReconciliationActivities(deps: Deps) {
  const { db } = deps;

  type Part = (now: number, position: string | undefined, runId: string) => Promise<PageOfPart>;
  const parts: Record<ReconciliationPart, Part> = {
    stock: () => stockPart(deps),
    workflows: (now, position) => workflowsPart(deps, now, position),
    touched: (now, position) => touchedPart(deps, now, position),
    charges: (now, position) => chargesPart(deps, now, position),
    refunds: (now, position) => refundsPart(deps, now, position),
    disputes: (now, position) => disputesPart(deps, now, position),
    open: (now, _position, runId) => openPart(runId, now),
  };

  /** What was found before, and this run has not come back to. */
  async function openPart(runId: string, now: number): Promise<PageOfPart> {
    const open = await findingsNotSeenBy(db, runId);
    const subjects = (...kinds: FindingKind[]): string[] =>
      open.filter(({ kind }) => kinds.includes(kind)).map(({ subject }) => subject);
    const found = await Promise.all([
      lookTwice(deps, subjects('status_differs'), (id) => lookAtWorkflow(deps, id, now)),
      lookTwice(deps, subjects('charge_differs', 'refunded_twice', ...aboutRefunds), (id) =>
        lookAtMoney(deps, id),
      ),
      lookTwice(deps, subjects('dispute_missed'), (id) => lookAtDisputes(deps, id)),
      lookTwice(deps, subjects('charge_without_order', 'second_charge'), (id) => lookAtCharge(deps, id)),
    ]);
    return { found: found.flat(), looked: open.length };
  }

  /** Reads the gateway, takes over what it says, and calls a person when money is missing. Once while it is the same. */
  async function watch(finding: Finding, runId: string): Promise<void> {
    const { kind, orderId } = finding;
    const ofAnyOrder = kind === 'dispute_missed';
    if (!orderId || !(ofAnyOrder || aboutRefunds.includes(kind))) return;
    if ((await standing(db, [finding])).length > 0) return;
    const order = await orderRow(db, orderId);
    if (!order || !(ofAnyOrder || order.status === 'cancelled' || order.status === 'rejected')) return;
    await deps.watchRefund({ orderId, policy: order.policy }, `reconciliation:${runId}`);
  }

  async function beginReconciliation({ runId, at }: { runId: string; at: number }): Promise<void> {
    await beginRun(db, runId, at);
  }

  /** Looks at pages of a part, and keeps what each finds; answers where to go on, or undefined at the end. */
  async function reconcilePart(page: {
    runId: string;
    part: ReconciliationPart;
    position?: string;
    at: number;
  }): Promise<string | undefined> {
    const until = Date.now() + LOOK_FOR_MS;
    let { position } = page;
    do {
      heartbeat();
      const { found, looked, next, kept } = await parts[page.part](page.at, position, page.runId);
      for (const finding of found) await watch(finding, page.runId);
      await db.transaction().execute(async (tx) => {
        await recordFindings(tx, found, page.at);
        await countLooked(tx, page.runId, page.part, looked);
        for (const [name, at] of Object.entries(kept ?? {})) await keepPosition(tx, name, at);
      });
      position = next;
    } while (position && Date.now() < until);
    return position;
  }

  /** Calls people. Only a run that has seen everything may say that something is mended. */
  async function finishReconciliation(end: {
    runId: string;
    startedAt: number;
    failed: ReconciliationPart[];
    at: number;
  }): Promise<void> {
    await db.transaction().execute(async (tx) => {
      if (end.failed.length === 0) await closeUnseen(tx, end.startedAt, end.at);
      await callForFindings(tx, FINDING_DUE_MS, end.at);
      await endRun(tx, end.runId, end.failed, end.at, end.at - KEEP_RUNS_MS);
    });
  }

  return { beginReconciliation, reconcilePart, finishReconciliation };
}
