import { DAY } from '../../domain/deadline.js';
import { formatMoney } from '../../domain/money.js';
import type { Finding } from '../../domain/reconciliation.js';
import {
  knownDisputes,
  moneyByCharge,
  moneyOf,
  ordersWithOpenDispute,
} from '../../db/reconciliation-money.js';
import { positionOf } from '../../db/reconciliation-runs.js';
import type { ListedDispute } from '../../integrations/payment-gateway.js';
import type { Deps } from '../deps.js';
import { pageFrom, parse } from './gateway-parts.js';
import { each, lookTwice } from './look-twice.js';
import { differingAtGateway, isSettled } from './money-look.js';
import type { PageOfPart } from './order-parts.js';
import { isRefundWatched } from './workflow-look.js';

/** Card schemes decide within about 75 days; longer than that a dispute is told of by those we know to be open. */
const LISTED_MS = 120 * DAY;
const PAGES = 50;
const OPEN = 200;

/** Every dispute that is open here must be watched; every one of the last months must be known as the gateway tells it. */
export async function disputesPart(deps: Deps, now: number, position = 'open||0'): Promise<PageOfPart> {
  const { db, gateway } = deps;
  const look = (id: string): Promise<Finding[]> => lookAtDisputes(deps, id);
  const { stage, after, pages } = parse(position);
  if (stage === 'open') {
    const ids = await ordersWithOpenDispute(db, after, OPEN);
    const watched = await each(ids, (id) => isRefundWatched(deps, id));
    const found = await lookTwice(
      deps,
      ids.filter((_, i) => !watched[i]),
      look,
    );
    const more = ids.length === OPEN;
    const next = more ? `open|${ids.at(-1)}|0` : `listed|${(await positionOf(db, 'disputes')) ?? ''}|0`;
    return { found, looked: ids.length, next };
  }
  const since = now - LISTED_MS;
  const page = await pageFrom(after, (wish) => gateway.pageOfDisputes({ ...wish, since }));
  const last = page.more ? (page.items.at(-1)?.gatewayId ?? '') : '';
  const found = await lookTwice(deps, await oddDisputes(deps, page.items), look);
  const goOn = last !== '' && pages + 1 < PAGES;
  const kept = { disputes: last };
  return { found, looked: page.items.length, kept, ...(goOn ? { next: `listed|${last}|${pages + 1}` } : {}) };
}

/** The orders whose disputes the gateway tells another story of. */
async function oddDisputes({ db }: Deps, disputes: ListedDispute[]): Promise<string[]> {
  const rows = await knownDisputes(
    db,
    disputes.map((dispute) => dispute.gatewayId),
  );
  const known = new Map(rows.map((row) => [row.gatewayId, row.status]));
  const odd = disputes.filter(({ gatewayId, status }) => status && known.get(gatewayId) !== status);
  const intents = odd.flatMap((dispute) => dispute.intentId ?? []);
  return (await moneyByCharge(db, intents)).map((order) => order.orderId);
}

/** Compares one order's disputes at the gateway with what is known of them here, and looks for who watches them. */
export async function lookAtDisputes(deps: Deps, orderId: string): Promise<Finding[]> {
  const { db, gateway } = deps;
  const ours = await moneyOf(db, orderId);
  if (!ours?.gatewayId || !isSettled(ours.status)) return [];
  const disputes = await gateway.listDisputes(ours.gatewayId);
  const rows = await knownDisputes(
    db,
    disputes.map((dispute) => dispute.gatewayId),
  );
  const known = new Map(rows.map((row) => [row.gatewayId, row.status]));
  const open = disputes.some(({ status }) => status === 'open');
  const watched = !open || (await isRefundWatched(deps, orderId));
  const odd = disputes.flatMap(({ gatewayId, status, ...money }) => {
    const here = known.get(gatewayId) ?? 'unknown';
    const what = `${gatewayId} over ${formatMoney(money)} is ${status} at the gateway`;
    if (here !== status) return [`${what}, and ${here} here`];
    return status === 'open' && !watched ? [`${what}, and not watched`] : [];
  });
  if (odd.length === 0) return [];
  const atGateway = await differingAtGateway(deps, ours);
  const finding = { kind: 'dispute_missed', subject: orderId, orderId, detail: odd.join('; ') } as const;
  return [{ ...finding, ...(atGateway ? { atGateway } : {}) }];
}
