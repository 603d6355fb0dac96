import type { z } from 'zod';
import type { bulkSchema, BulkPreview, BulkResult } from '../contract/console.js';
import type { Answer } from '../client/commands.js';
import { findCommand } from '../db/commands.js';
import { findRun, groupsOf, keepRun, oldestOf, type BulkRun, type Group } from '../db/bulk.js';
import { chosenBy, type Chosen } from '../db/order-list.js';
import { settledCancelAnswer, startRefusal } from '../domain/cancel.js';
import { orderStatuses, type OrderStatus } from '../domain/lifecycle.js';
import { formatMoney } from '../domain/money.js';
import type { Actor } from '../domain/order.js';
import type { ApiDeps } from './deps.js';
import { HttpProblem } from './problems.js';
import { sha256 } from './session.js';
import { orderFilter } from './views.js';

/*
 * One command for many orders. What is refused by the facts is counted beforehand and not asked; each of the others goes
 * the way of a single command, under an id of its own, so that a run which broke off is carried on by a repeat.
 */

type Body = z.output<typeof bulkSchema>;
type Command = Body['command'];

const MOST_IN_A_RUN = 200;
const AT_ONCE = 8;

/** Why the facts refuse it, or undefined when the order can be asked. */
function refusal(command: Command, status: OrderStatus, late: boolean): string | undefined {
  if (command === 'start-fulfillment')
    return late && status === 'awaiting_release'
      ? 'The deadline has passed; the order is being cancelled and refunded.'
      : startRefusal(status, 1, 0);
  return settledCancelAnswer({ status, refund: null })?.message;
}

async function chosenOf(deps: ApiDeps, { orderIds, filter }: Body): Promise<Chosen> {
  const { db } = deps.database;
  if (orderIds) return db.selectFrom('orders').where('id', 'in', orderIds);
  return chosenBy(db, orderFilter(filter ?? {}));
}

export async function previewBulk(deps: ApiDeps, body: Body): Promise<BulkPreview> {
  const { command } = body;
  const chosen = await chosenOf(deps, body);
  const groups = await groupsOf(deps.database.db, chosen, deps.now());
  const can = groups.filter(({ status, late }) => refusal(command, status, late) === undefined);
  return {
    command,
    matched: count(groups),
    allowed: count(can),
    notAllowed: summed(
      groups.filter((group) => !can.includes(group)),
      command,
    ),
    money: moneyOf(can),
    unknown: body.orderIds ? await unknownAmong(body.orderIds, chosen) : [],
  };
}

const count = (groups: Group[]): number => groups.reduce((sum, { orders }) => sum + orders, 0);

/** One line per reason. */
function summed(groups: Group[], command: Command): BulkPreview['notAllowed'] {
  const lines = new Map<string, BulkPreview['notAllowed'][number]>();
  for (const { status, late, orders } of groups) {
    const text = refusal(command, status, late) ?? '';
    const line = lines.get(`${status} ${text}`) ?? { status, text, count: 0 };
    lines.set(`${status} ${text}`, { ...line, count: line.count + orders });
  }
  return [...lines.values()];
}

function moneyOf(groups: Group[]): BulkPreview['money'] {
  return [...new Set(groups.map(({ currency }) => currency))].map((currency) => {
    const own = groups.filter((group) => group.currency === currency);
    const amount = own.reduce((sum, group) => sum + group.amount, 0);
    return {
      currency,
      amount,
      amountText: formatMoney({ amountMinor: amount, currency }),
      orders: count(own),
    };
  });
}

async function unknownAmong(ids: string[], chosen: Chosen): Promise<string[]> {
  const known = new Set((await chosen.select('id').execute()).map(({ id }) => id));
  return [...new Set(ids)].filter((id) => !known.has(id));
}

/** Throws 409 when other orders are meant than the preview counted, 422 when the key was used for another run. */
export async function runBulk(deps: ApiDeps, body: Body, key: string, actor: Actor): Promise<BulkResult> {
  const id = sha256(`${actor.id} ${key}`);
  const fingerprint = sha256(JSON.stringify(body));
  const run = (await findRun(deps.database.db, id)) ?? (await begin(deps, body, { id, fingerprint, actor }));
  if (run.fingerprint !== fingerprint) {
    const detail = 'This Idempotency-Key was used for another run. Use a new key for a new one.';
    throw new HttpProblem(422, 'idempotency_key_reused', detail);
  }
  const results: BulkResult['results'] = [];
  for (let i = 0; i < run.orderIds.length; i += AT_ONCE) {
    const some = run.orderIds.slice(i, i + AT_ONCE);
    results.push(...(await Promise.all(some.map((orderId) => one(deps, body.command, orderId, id, actor)))));
  }
  const counts: Record<string, number> = {};
  for (const { answer } of results) counts[answer] = (counts[answer] ?? 0) + 1;
  return { command: body.command, results, counts, remaining: run.remaining };
}

async function begin(
  deps: ApiDeps,
  body: Body,
  { id, fingerprint, actor }: { id: string; fingerprint: string; actor: Actor },
): Promise<BulkRun> {
  const { db } = deps.database;
  const { allowed } = await previewBulk(deps, body);
  if (allowed !== body.expected) {
    const detail = `${allowed} orders can be asked by now, not ${body.expected}: look at the preview again.`;
    throw new HttpProblem(409, 'selection_changed', detail);
  }
  const orderIds = await oldestOf(db, await chosenOf(deps, body), {
    statuses: orderStatuses.filter((status) => refusal(body.command, status, false) === undefined),
    inTime: body.command === 'start-fulfillment',
    limit: MOST_IN_A_RUN,
    now: deps.now(),
  });
  const { command } = body;
  const remaining = Math.max(0, allowed - orderIds.length);
  return keepRun(db, { id, fingerprint, command, orderIds, remaining, by: actor.id, at: deps.now() });
}

/** As a single command: what it was answered before, or its answer now. One that breaks does not stop the others. */
async function one(
  deps: ApiDeps,
  kind: Command,
  orderId: string,
  runId: string,
  actor: Actor,
): Promise<BulkResult['results'][number]> {
  const id = `${orderId}:${kind}:${runId}`;
  try {
    const kept = await findCommand(deps.database.db, id);
    if (kept?.outcome)
      return { orderId, answer: kept.outcome as Answer['answer'], message: kept.message ?? '' };
    const { answer, message } = await deps.commands.run({ id, kind, orderId, actor });
    return { orderId, answer, message };
  } catch {
    const message = 'It broke on our side, and may be carried out yet: run it again under the same key.';
    return { orderId, answer: 'not_confirmed', message };
  }
}
