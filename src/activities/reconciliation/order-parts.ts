import { MINUTE } from '../../domain/deadline.js';
import { isFinal } from '../../domain/lifecycle.js';
import { orderWorkflowId } from '../../domain/identity.js';
import type { Finding } from '../../domain/reconciliation.js';
import {
  oddReservations,
  oddStock,
  openOrderIds,
  orderStates,
  touchedOrders,
} from '../../db/reconciliation-facts.js';
import { oddEntries } from '../../db/reconciliation-money.js';
import { positionOf } from '../../db/reconciliation-runs.js';
import type { Deps } from '../deps.js';
import { lookTwice } from './look-twice.js';
import { lookAtMoney } from './money-look.js';
import { lookAtTask, lookAtWorkflow } from './workflow-look.js';

/** One page of a part: what was found, how much was looked at, and where to go on. */
export interface PageOfPart {
  found: Finding[];
  looked: number;
  next?: string;
  /** Where later runs go on; written with the findings, so that none is skipped by a crash. */
  kept?: Record<string, string>;
}

const OPEN_ORDERS = 1_000;
const TOUCHED = 500;
/** Per run; the next one goes on from there. */
const MOST_TOUCHED = 2_000;

/** Holds and counts, each by one statement. */
export async function stockPart(deps: Deps): Promise<PageOfPart> {
  const { db } = deps;
  const look = async (): Promise<Finding[]> => [
    ...(await oddReservations(db)).map(({ id, order, reservation, quantity }): Finding => ({
      kind: 'reservation_differs',
      subject: id,
      orderId: id,
      detail: `${order}; the reservation of ${quantity} is ${reservation ?? 'missing'}`,
    })),
    ...(await oddStock(db)).map(({ sku, reserved, total, capacity }): Finding => ({
      kind: 'stock_differs',
      subject: sku,
      orderId: null,
      detail: `${reserved} of ${capacity} reserved, the reservations sum up to ${total}`,
    })),
  ];
  return { found: await lookTwice(deps, ['stock'], look), looked: 1 };
}

/** Every order that has not ended against every order workflow that runs, a thousand at a time, by id. */
export async function workflowsPart(deps: Deps, now: number, position = ''): Promise<PageOfPart> {
  const { db, workflows } = deps;
  const open = await openOrderIds(db, position, OPEN_ORDERS);
  const upTo = open.length === OPEN_ORDERS ? open.at(-1) : undefined;
  const running = new Set(await workflows.running(position, upTo));
  const known = new Set(open);
  const missing = open.filter((id) => !running.has(id));
  const rest = [...running].filter((id) => !known.has(id));
  const rows = new Map((await orderStates(db, rest)).map((row) => [row.id, row]));
  const ended = rest.filter((id) => rows.has(id) && isFinal(rows.get(id)?.status ?? 'payment_pending'));
  const orphans = rest.filter((id) => !rows.has(id));
  const stuck = upTo ? [] : await workflows.stuck();
  const found = await Promise.all([
    lookTwice(deps, [...missing, ...ended], (id) => lookAtWorkflow(deps, id, now)),
    lookTwice(deps, orphans, (id) => lookAtOrphan(deps, id)),
    lookTwice(deps, stuck, (id) => lookAtTask(deps, id)),
  ]);
  return { found: found.flat(), looked: open.length, ...(upTo ? { next: upTo } : {}) };
}

async function lookAtOrphan({ db, workflows }: Deps, orderId: string): Promise<Finding[]> {
  const subject = orderWorkflowId(orderId);
  const runs = (await workflows.describe(subject))?.status === 'RUNNING';
  if (!runs || (await orderStates(db, [orderId])).length > 0) return [];
  const detail = `${subject} is RUNNING`;
  return [{ kind: 'workflow_without_order', subject, orderId: null, detail }];
}

/**
 * The orders and ledger entries that were written since the last run. Those of the last minute are looked at again:
 * a transaction may become visible after one that was stamped later.
 */
export async function touchedPart(deps: Deps, now: number, position?: string): Promise<PageOfPart> {
  const { db } = deps;
  const from = parse(
    position ?? (await positionOf(db, 'touched')) ?? new Date(now - 60 * MINUTE).toISOString(),
  );
  const page = await touchedOrders(db, from, TOUCHED);
  const found = await lookTwice(
    deps,
    page.map((row) => row.id),
    (id) => lookAtWorkflow(deps, id, now),
  );
  const last = page.at(-1);
  const minuteAgo = new Date(now - MINUTE).toISOString();
  const touched = last && (last.touchedMs > now - MINUTE ? minuteAgo : `${last.touchedAt}|${last.id}`);
  const kept: Record<string, string> = touched ? { touched } : {};
  const looked = from.looked + page.length;
  if (last && page.length === TOUCHED && looked < MOST_TOUCHED)
    return { found, looked: page.length, next: `${last.touchedAt}|${last.id}|${looked}`, kept };
  const entries = await freshEntries(deps);
  return {
    found: [...found, ...entries.found],
    looked: page.length,
    kept: { ...kept, ledger: String(entries.last) },
  };
}

async function freshEntries(deps: Deps): Promise<{ found: Finding[]; last: number }> {
  let last = Number((await positionOf(deps.db, 'ledger')) ?? 0);
  const odd: string[] = [];
  for (let pages = 0; pages < 20; pages++) {
    const entries = await oddEntries(deps.db, last, 1_000);
    if (!entries) break;
    odd.push(...entries.odd);
    last = entries.last;
  }
  return { found: await lookTwice(deps, odd, (id) => lookAtMoney(deps, id)), last };
}

function parse(position: string): { touchedAt: string; id: string; looked: number } {
  const [touchedAt = '', id = '', looked = '0'] = position.split('|');
  return { touchedAt, id, looked: Number(looked) };
}
