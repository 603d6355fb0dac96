import type { z } from 'zod';
import { mostInBulk, type bulkSchema, type BulkPreview, type BulkResult } from '../contract/console.js';
import type { Answer } from '../client/commands.js';
import { findCommand } from '../db/commands.js';
import { askablesOf, groupsOf, keepRun, oldestOf, type Group } from '../db/bulk.js';
import type { Db } from '../db/database.js';
import { chosenBy, type Chosen } from '../db/order-list.js';
import { snapshotOf } from '../db/snapshots.js';
import { cancelOutlook, settledCancelAnswer, startRefusal } from '../domain/cancel.js';
import type { OrderStatus } from '../domain/lifecycle.js';
import { formatMoney } from '../domain/money.js';
import type { Actor } from '../domain/order.js';
import type { ApiDeps } from './deps.js';
import { HttpProblem } from './problems.js';
import { sha256 } from './session.js';
import { orderFilter } from './views.js';

/*
 * One command for many orders. A preview says which orders can be asked, and the runs are about these: whatever changes in
 * between is refused by the facts. Each of the others goes the way of a single command, under an id of its own, so that a
 * run which broke off is carried on by a repeat.
 */

type Body = z.output<typeof bulkSchema>;
type Run = Pick<Body, 'command'> & { orderIds: string[] };
type Command = Body['command'];
type Result = BulkResult['results'][number];

const AT_ONCE = 8;

/** Why there is nothing to ask, or undefined when the order can be asked. */
function refusal(command: Command, status: OrderStatus, late: boolean): string | undefined {
  if (command === 'start-fulfillment')
    return late && status === 'awaiting_release'
      ? 'The deadline has passed; the order is being cancelled and refunded.'
      : startRefusal(status, 1, 0);
  // What has become of the money differs from order to order: the run says it.
  if (status === 'cancelling') return 'It is being cancelled.';
  if (status === 'cancelled') return 'It is cancelled.';
  if (status === 'rejected') return 'The payment was declined: nothing was ordered.';
  return settledCancelAnswer({ status, refund: null })?.message;
}

async function chosenOf(db: Db, { orderIds, filter }: Body, now: number): Promise<Chosen> {
  if (orderIds) return db.selectFrom('orders').where('id', 'in', orderIds);
  return chosenBy(db, orderFilter(filter ?? {}, now));
}

/** Of one moment, so that the orders that are named are those that are counted. */
export function previewBulk(deps: ApiDeps, body: Body): Promise<BulkPreview> {
  const moment = deps.database.db.transaction().setIsolationLevel('repeatable read');
  return moment.execute(async (tx) => {
    const { command } = body;
    const now = deps.now();
    const chosen = await chosenOf(tx, body, now);
    const groups = await groupsOf(tx, chosen, now);
    const isAllowed = ({ status, late }: Group): boolean => refusal(command, status, late) === undefined;
    const isCertain = ({ status }: Group): boolean =>
      command !== 'cancel' || cancelOutlook[status] === 'accepted';
    const can = groups.filter(isAllowed);
    const allowed = count(can);
    const orderIds = await oldestOf(chosen, can, now, mostInBulk);
    const last = orderIds.at(-1);
    const left = allowed - orderIds.length;
    const named = left > 0 && last ? await groupsOf(tx, chosen.where('id', '<=', last), now) : groups;
    const counted = named
      .filter(isAllowed)
      .map((group) => (command === 'cancel' ? { ...group, ...group.goesBack } : group))
      .filter(({ orders }) => orders > 0);
    return {
      command,
      matched: count(groups),
      allowed,
      orderIds,
      left,
      notAllowed: summed(
        groups.filter((group) => !isAllowed(group)),
        command,
      ),
      money: moneyOf(counted.filter(isCertain)),
      mayGoBack: moneyOf(counted.filter((group) => !isCertain(group))),
      unknown: body.orderIds ? await unknownAmong(body.orderIds, chosen) : [],
    };
  });
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

/** Throws 422 when the key was used for another run. */
export async function runBulk(deps: ApiDeps, body: Run, key: string, actor: Actor): Promise<BulkResult> {
  const { db } = deps.database;
  const { command } = body;
  const wanted = [...new Set(body.orderIds)];
  const id = sha256(`${actor.id} ${key}`);
  const fingerprint = sha256(JSON.stringify(body));
  const found = await askablesOf(db.selectFrom('orders').where('id', 'in', wanted), deps.now());
  const facts = new Map(found.map((order) => [order.id, order]));
  const refusalOf = (orderId: string): string | undefined => {
    const order = facts.get(orderId);
    return order ? refusal(command, order.status, order.late) : 'There is no such order.';
  };
  const orderIds = wanted.filter((orderId) => refusalOf(orderId) === undefined);
  const run = await keepRun(db, { id, fingerprint, command, orderIds, by: actor.id, at: deps.now() });
  if (run.fingerprint !== fingerprint) {
    const detail = 'This Idempotency-Key was used for another run. Use a new key for a new one.';
    throw new HttpProblem(422, 'idempotency_key_reused', detail);
  }
  const asked = new Set(run.orderIds);
  const answerOf = async (orderId: string): Promise<Result> =>
    asked.has(orderId)
      ? one(deps, command, orderId, id, actor)
      : (command === 'cancel' && (await settledCancel(deps, orderId))) || {
          orderId,
          answer: 'rejected',
          message: refusalOf(orderId) ?? refusedAtFirst,
        };
  const results: Result[] = [];
  for (let i = 0; i < wanted.length; i += AT_ONCE)
    results.push(...(await Promise.all(wanted.slice(i, i + AT_ONCE).map(answerOf))));
  const counts: Record<string, number> = {};
  for (const { answer } of results) counts[answer] = (counts[answer] ?? 0) + 1;
  return { command, results, counts };
}

/** As a single cancel is answered by the facts, with what has become of the order's own money. */
async function settledCancel(deps: ApiDeps, orderId: string): Promise<Result | undefined> {
  const order = await snapshotOf(deps.database.db, orderId, deps.now());
  const settled = order && settledCancelAnswer(order);
  return settled && { orderId, ...settled };
}

const refusedAtFirst = 'It could not be asked when this run began. Ask again in a new one.';

/** As a single command: what it was answered before, or its answer now. One that breaks does not stop the others. */
async function one(
  deps: ApiDeps,
  kind: Command,
  orderId: string,
  runId: string,
  actor: Actor,
): Promise<Result> {
  const id = `${orderId}:${kind}:${runId}`;
  try {
    const kept = await findCommand(deps.database.db, id);
    if (kept?.outcome)
      return { orderId, answer: kept.outcome as Answer['answer'], message: kept.message ?? '' };
    const { answer, message } = await deps.commands.run({ id, kind, orderId, actor });
    return { orderId, answer, message };
  } catch {
    const message =
      'It broke on our side, and may be carried out yet. Go on with this run, and it is asked again.';
    return { orderId, answer: 'not_confirmed', message, isOpen: true };
  }
}
